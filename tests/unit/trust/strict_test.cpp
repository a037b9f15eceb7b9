#include "trust/rule/strict.hpp"

#include <set>

#include <doctest/doctest.h>

#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using testing::Authority;
using testing::AuthorityOptions;
using testing::LeafOptions;
using testing::Pair;
using Reasons = std::vector<Reason>;

namespace {

Sample below(Authority const& root, Pair const& pair) {
  return {.certificate = pair.certificate_pem, .key = pair.key_pem, .anchors = root.pem()};
}

using Words = std::vector<std::string>;

// Each check is a refusal by its word and a warning where it is relaxed, and nothing else is wrong.
void check_strict(Sample sample, Words const& words) {
  CAPTURE(words.front());
  sample.rules.relax = {};
  CHECK(reasons(sample) == Reasons(words.size(), Reason::untrusted));
  sample.rules.relax = words;
  CHECK(judged(sample).accepted());
  for (std::string const& word : words) {
    CHECK(says(judged(sample), "(" + word + ", RFC 5280 section 4."));
    std::erase(sample.rules.relax, word);
    Verdict const verdict = judged(sample);
    CAPTURE(said(verdict));
    CHECK(reasons(verdict) == Reasons{Reason::untrusted});
    CHECK(says(verdict, "(" + word + ", RFC 5280 section 4."));
    CHECK(says(verdict, "or name " + word + " in trust.relax"));
    sample.rules.relax = words;
  }
}

}  // namespace

TEST_CASE("strict: what only strict checking finds in a leaf is refused, or a warning if relaxed") {
  Authority const root({.common_name = "Root"});
  struct {
    LeafOptions options;
    Words words;
  } const cases[] = {
      {{.key_identifiers = false}, {"missing_authority_key_identifier"}},
      {{.key_usage = "digitalSignature,keyCertSign"}, {"cert_sign_of_no_authority"}},
      {{.basic_constraints = "", .key_usage = "digitalSignature,keyCertSign"},
       {"missing_basic_constraints", "cert_sign_of_no_authority"}},
      {{.basic_constraints = "critical,CA:FALSE,pathlen:1"},
       {"path_length_of_no_authority", "path_length_without_cert_sign"}},
      {{.names = {}, .extensions = {{"2.5.29.17", "DER:3000"}}}, {"empty_alternative_name"}},
      {{.common_name = ""}, {"alternative_name_not_critical"}},
      {{.common_name = "", .names = {}}, {"empty_subject"}},
      {{.version = 2}, {"extensions_need_version_3"}},
  };
  for (auto const& one : cases) check_strict(below(root, root.issue(one.options)), one.words);
  Authority const unnamed({.common_name = ""});
  check_strict(below(unnamed, unnamed.issue()), {"empty_issuer"});
}

TEST_CASE("strict: what only strict checking finds in an authority is refused, or relaxed") {
  Authority const root({.common_name = "Root"});
  struct {
    AuthorityOptions options;
    Words words;
  } const cases[] = {
      {{.key_usage = ""}, {"missing_key_usage"}},
      {{.path_length = 0, .key_usage = ""}, {"path_length_without_cert_sign", "missing_key_usage"}},
      {{.basic_constraints = "CA:TRUE"}, {"basic_constraints_not_critical"}},
      {{.version = 2}, {"extensions_need_version_3"}},
  };
  for (auto one : cases) {
    one.options.common_name = "Odd";
    check_strict(below(root, root.intermediate(one.options).issue()), one.words);
  }
  // The leaf of an issuer without a subject key identifier names one that is nowhere.
  Authority const bare = root.intermediate({.common_name = "Odd",
                                            .key_identifiers = false,
                                            .extensions = {{"authorityKeyIdentifier", "keyid"}}});
  Pair const pair = bare.issue(
      {.key_identifiers = false, .extensions = {{"authorityKeyIdentifier", "DER:300480020102"}}});
  check_strict(below(root, pair), {"missing_subject_key_identifier"});
}

TEST_CASE("strict: key identifiers that are marked critical are unknown to peers by OpenSSL") {
  Authority const root({.common_name = "Root"});
  for (testing::Extension const& critical :
       {testing::Extension{"authorityKeyIdentifier", "critical,keyid:always"},
        testing::Extension{"subjectKeyIdentifier", "critical,DER:04020102"}}) {
    Pair const pair = root.issue({.key_identifiers = false, .extensions = {critical}});
    CHECK(reasons(below(root, pair)) == Reasons{Reason::untrusted});
    CHECK(says(judged(below(root, pair)), "has a critical extension that OpenSSL does not know"));
  }
}

TEST_CASE("strict: the missing key identifiers are relaxed unless the configuration says else") {
  Authority const root({.common_name = "Root", .key_identifiers = false});
  Authority const issuer = root.intermediate({.common_name = "Bare", .key_identifiers = false});
  Pair const pair = issuer.issue({.key_identifiers = false});
  Sample sample = below(root, pair);
  Verdict const verdict = judged(sample);
  CHECK(verdict.accepted());
  CHECK(says(verdict,
             "/src/tls.crt: CN=Bare has no subjectKeyIdentifier "
             "(missing_subject_key_identifier, RFC 5280 section 4.2.1.2)"));
  sample.rules.relax = {};
  CHECK(reasons(sample) == Reasons(3, Reason::untrusted));
}

TEST_CASE("strict: what only strict checking finds in the anchor is a warning") {
  AuthorityOptions const odd[] = {{.key_usage = ""},
                                  {.basic_constraints = "CA:TRUE"},
                                  {.key_identifiers = false},
                                  {.version = 1}};
  for (AuthorityOptions options : odd) {
    options.common_name = "Old root";
    Authority const root(options);
    Authority const issuer = root.intermediate({.common_name = "Issuer", .key_identifiers = false});
    Sample const sample = below(root, issuer.issue({.key_identifiers = false}));
    Verdict const verdict = judged(sample);
    CAPTURE(said(verdict));
    CHECK(verdict.accepted());
    CHECK(says(verdict, "the anchor CN=Old root "));
  }
}

TEST_CASE("strict: a leaf that is its own anchor is not held to what a CA must do") {
  Pair const plain = testing::self_signed({.key_identifiers = false, .basic_constraints = ""});
  CHECK(reasons({.certificate = plain.leaf_pem, .key = plain.key_pem, .anchors = plain.leaf_pem}) ==
        Reasons{});
  Pair const old = testing::self_signed({.version = 1});
  Verdict const verdict =
      judged({.certificate = old.leaf_pem, .key = old.key_pem, .anchors = old.leaf_pem});
  CHECK(verdict.accepted());
  CHECK(says(verdict, "the anchor CN=test leaf is an authority without basicConstraints"));
}

TEST_CASE("strict: each word that may be relaxed has a sentence of its own") {
  std::set<std::string> sentences;
  for (std::string_view const word : settings::strict_checks) {
    std::string const sentence = rule::strict_fault(word);
    CAPTURE(sentence);
    CHECK(sentence.find("(" + std::string(word) + ", RFC 5280 section 4.") != std::string::npos);
    sentences.insert(sentence);
  }
  CHECK(sentences.size() == settings::strict_checks.size());
}
