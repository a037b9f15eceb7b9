#include "trust/judge.hpp"

#include <sstream>

#include <doctest/doctest.h>

#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using testing::Authority;
using testing::Pair;
using Reasons = std::vector<Reason>;

namespace {

// Whether a text holds the secret number of a P-256 key in PKCS#8: in base64, its first 12 bytes
// end the first line, the others begin the second; what follows is the public key, which may be
// said.
bool quotes(std::string const& text, std::string const& key_pem) {
  std::istringstream lines(key_pem);
  std::string mark;
  std::string first;
  std::string second_line;
  lines >> mark >> mark >> mark >> first >> second_line;
  std::string const head = first.substr(48);
  std::string const tail = second_line.substr(0, 24);
  return text.find(head) != std::string::npos || text.find(tail) != std::string::npos;
}

}  // namespace

TEST_CASE("a chain without a key, as a server sends it, is judged by all rules but those on keys") {
  Good const good;
  testing::Pair const pair = good.issue();
  source::Snapshot const served{.certificate = file("the chain", pair.certificate_pem, 0)};
  settings::Trust const rules;
  Question question{.snapshot = served, .rules = rules, .now = testing::from_now({})};
  question.anchors = crypto::Anchors::from_bundle(good.root.pem()).value();
  CHECK(judge(question).accepted());
  question.now = pair.not_after + second;
  CHECK(reasons(judge(question)) == std::vector{Reason::expired});
}

TEST_CASE("a good pair is accepted as it was read, and its leaf is told") {
  Good const good;
  Pair const pair = good.issue({.common_name = "web"});
  Sample sample = good.sample(pair);
  sample.certificate = "subject=CN = web\r\n" + sample.certificate;
  Verdict const verdict = judged(sample);
  CHECK(verdict.accepted());
  CHECK_FALSE(verdict.incomplete());
  CHECK(said(verdict) == "");
  CHECK(verdict.certificate_pem == sample.certificate);
  CHECK(verdict.key_begin == 0);
  CHECK(verdict.key_size == sample.key.size());
  REQUIRE(verdict.leaf);
  CHECK(verdict.leaf->subject == "CN=web");
  CHECK(verdict.leaf->fingerprint == pair.fingerprint);
}

TEST_CASE("a self-signed leaf is accepted where it is itself the anchor") {
  Pair const pair = testing::self_signed();
  CHECK(judged({.certificate = pair.leaf_pem, .key = pair.key_pem, .anchors = pair.leaf_pem})
            .accepted());
}

TEST_CASE("a verdict lists every broken rule at once") {
  Authority const theirs;
  Pair const pair = theirs.issue({.names = {"other.internal"},
                                  .not_before = testing::from_now(-3 * hour),
                                  .not_after = testing::from_now(-hour),
                                  .purpose = testing::Purpose::client,
                                  .key = testing::p224});
  Sample sample{.certificate = pair.leaf_pem + theirs.pem(),
                .key = testing::self_signed().key_pem,
                .anchors = Authority().pem(),
                .key_mode = 0644};
  sample.rules.names = {"web.internal", "10.0.0.7"};
  sample.rules.key_access = settings::KeyAccess::owner;
  sample.current = CertificateFacts{.not_before = testing::from_now(-2 * hour),
                                    .not_after = testing::from_now(hour)};
  Verdict const verdict = judged(sample);
  CHECK(reasons(verdict) == Reasons{Reason::key_mismatch, Reason::untrusted, Reason::expired,
                                    Reason::wrong_purpose, Reason::name_missing,
                                    Reason::name_missing, Reason::weak_key,
                                    Reason::older_than_current, Reason::key_access});
  for (Refusal const& refusal : verdict.refusals) {
    bool const names_the_file = refusal.text.find("/src/tls.") != std::string::npos;
    CHECK_MESSAGE(names_the_file, refusal.text);
  }
}

TEST_CASE("a refusal is incomplete where a later write may cure it, whatever else is wrong") {
  auto const incomplete = [](Reasons const& given) {
    Verdict verdict;
    for (Reason const reason : given) verdict.refusals.push_back({reason, "text"});
    return verdict.incomplete();
  };
  CHECK_FALSE(incomplete({}));
  for (Reason const reason :
       {Reason::unreadable, Reason::malformed_certificate, Reason::malformed_key,
        Reason::wrong_passphrase, Reason::key_mismatch, Reason::incomplete_chain}) {
    CHECK(incomplete({reason}));
    CHECK(incomplete({Reason::expired, reason}));
  }
  for (Reason const reason : {Reason::untrusted, Reason::expired, Reason::name_missing,
                              Reason::older_than_current, Reason::key_access, Reason::weak_key}) {
    CHECK_FALSE(incomplete({reason}));
  }
}

TEST_CASE("nothing that a verdict says or publishes as certificate holds key bytes") {
  Good const good;
  Pair const pair = good.issue();
  std::string const& key = pair.key_pem;
  REQUIRE(quotes(key, key));
  std::string const broken_key = std::string(key).replace(key.size() - 40, 4, "!!!!");
  Sample const samples[] = {
      good.sample(pair),
      {.certificate = key, .key = pair.certificate_pem},
      {.certificate = pair.certificate_pem + key, .key = key, .anchors = good.root.pem()},
      {.certificate = pair.certificate_pem + "  " + key, .key = key, .anchors = good.root.pem()},
      {.certificate = key + pair.certificate_pem, .anchors = good.root.pem(), .bundle = true},
      {.certificate = pair.certificate_pem, .key = broken_key},
      {.certificate = pair.certificate_pem, .key = key.substr(0, key.size() / 2)},
      {.certificate = pair.certificate_pem, .key = key + key},
      {.certificate = pair.certificate_pem, .key = key, .ca = good.root.pem() + key},
      {.certificate = broken_key, .key = broken_key, .ca = broken_key},
  };
  for (Sample const& sample : samples) {
    Verdict const verdict = judged(sample);
    CHECK_FALSE(quotes(said(verdict), key));
    CHECK_FALSE(quotes(verdict.certificate_pem, key));
  }
}

TEST_CASE("the codes of the reasons are the contract's") {
  CHECK(code(Reason::unreadable) == "unreadable");
  CHECK(code(Reason::key_mismatch) == "key_mismatch");
  CHECK(code(Reason::incomplete_chain) == "incomplete_chain");
  CHECK(code(Reason::min_remaining) == "min_remaining");
  CHECK(code(Reason::older_than_current) == "older_than_current");
  CHECK(code(Reason::key_access) == "key_access");
}
