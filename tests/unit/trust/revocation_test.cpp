#include "trust/revocation.hpp"

#include <doctest/doctest.h>

#include "support/crl.hpp"
#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using testing::Authority;
using testing::from_now;
using testing::Pair;
using Reasons = std::vector<Reason>;

namespace {

crypto::CrlFile crl_file(std::string const& path, std::string const& bytes) {
  auto const list =
      std::make_shared<std::vector<crypto::Crl> const>(crypto::read_crls(bytes).value());
  return {path, list};
}

std::string words_of(Result<std::optional<std::string>> const& answer) {
  return answer ? answer->value_or("") : "unknown";
}

/// A good pair, with a CRL of each CA above it in a file of its own.
struct Listed {
  Good good = Good();
  Pair pair = good.issue({.common_name = "web"});
  std::string of_root = testing::crl(good.root);
  std::string of_intermediate = testing::crl(good.intermediate);
  std::vector<crypto::CrlFile> more = {};

  [[nodiscard]] Sample sample() const {
    Sample sample = good.sample(pair);
    sample.rules.revocation = settings::Revocation::crl;
    sample.revocation.crl_files = {crl_file("/crl/root.pem", of_root),
                                   crl_file("/crl/intermediate.pem", of_intermediate)};
    for (crypto::CrlFile const& file : more) sample.revocation.crl_files.push_back(file);
    return sample;
  }
  [[nodiscard]] Verdict verdict(Duration skew = {}) const {
    Sample with_skew = sample();
    with_skew.rules.skew = skew;
    return judged(with_skew);
  }
};

crypto::Certificate certificate(std::string const& pem) {
  return crypto::read_certificate(pem).value();
}

crypto::OcspAnswer good_answer(std::string const& pem) {
  return {certificate(pem), "http://ocsp.internal", crypto::OcspStatus{}};
}
crypto::OcspAnswer revoked_answer(std::string const& pem) {
  return {certificate(pem), "http://ocsp.internal",
          crypto::OcspStatus{.revoked = crypto::Revoked{from_now(-hour), "superseded"}}};
}
crypto::OcspAnswer no_answer(std::string const& pem) {
  return {certificate(pem), "http://ocsp.internal",
          fail("no whole answer", {}, "within 5s", "see that this host reaches it")};
}

Sample answered(Good const& good, Pair const& pair, std::vector<crypto::OcspAnswer> answers) {
  Sample sample = good.sample(pair);
  sample.rules.revocation = settings::Revocation::ocsp;
  sample.revocation.answers = std::move(answers);
  return sample;
}

}  // namespace

TEST_CASE("a pair is accepted where a CRL of each CA does not list it") {
  CHECK(said(Listed().verdict()) == "");
}

TEST_CASE("a revoked leaf and a revoked intermediate are refused, with date, reason and file") {
  Listed listed;
  auto const at = from_now(-hour);
  SUBCASE("leaf") {
    listed.of_intermediate =
        testing::crl(listed.good.intermediate, {.entries = {{listed.pair.serial, at, 1}}});
    Verdict const verdict = listed.verdict();
    CHECK(reasons(verdict) == Reasons{Reason::revoked});
    CHECK(says(verdict, "/src/tls.crt: CN=web is revoked at " + to_rfc3339_seconds(at) +
                            ", key compromise, says the CRL of CN=Intermediate in "
                            "/crl/intermediate.pem: have it issued anew"));
  }
  SUBCASE("intermediate") {
    auto const serial = testing::serial_of(listed.good.intermediate.pem());
    listed.of_root = testing::crl(listed.good.root, {.entries = {{serial, at}}});
    Verdict const verdict = listed.verdict();
    CHECK(reasons(verdict) == Reasons{Reason::revoked});
    CHECK(says(verdict, "CN=Intermediate is revoked at " + to_rfc3339_seconds(at) +
                            ", says the CRL of CN=Root in /crl/root.pem"));
  }
}

TEST_CASE(
    "without a CRL of an issuer the answer is crl_unavailable, with what was looked through") {
  Listed listed;
  listed.of_intermediate = testing::crl(Authority({.common_name = "Other"}));
  Verdict const verdict = listed.verdict();
  CHECK(reasons(verdict) == Reasons{Reason::crl_unavailable});
  CHECK(says(verdict,
             "there is no CRL of CN=Intermediate, which issued CN=web, in /crl/root.pem, "
             "/crl/intermediate.pem: add"));
  CHECK(verdict.incomplete());

  Sample none = listed.sample();
  none.revocation = {};
  CHECK(reasons(none) == Reasons{Reason::crl_unavailable, Reason::crl_unavailable});
  CHECK(says(judged(none), "source.crl or trust.crl_files"));
}

TEST_CASE("a CRL that was passed over is named with the reason") {
  Listed listed;
  SUBCASE("another key of that name") {
    listed.of_intermediate = testing::crl(Authority({.common_name = "Intermediate"}));
    CHECK(says(listed.verdict(), "the one in /crl/intermediate.pem is of another key"));
  }
  SUBCASE("indirect") {
    listed.of_intermediate = testing::crl(listed.good.intermediate, {.scope = "indirectCRL:TRUE"});
    CHECK(says(listed.verdict(), "the one in /crl/intermediate.pem is an indirect CRL"));
  }
  CHECK(reasons(listed.verdict()) == Reasons{Reason::crl_unavailable});
}

TEST_CASE("a CRL with a wrong signature, or of another scope, is crl_unavailable") {
  Listed listed;
  Authority const stranger({.common_name = "Intermediate"});
  SUBCASE("signature") {
    listed.of_intermediate = testing::crl(
        listed.good.intermediate, {.entries = {{listed.pair.serial}}, .signed_by = &stranger});
  }
  SUBCASE("scope") {
    listed.of_intermediate = testing::crl(listed.good.intermediate, {.scope = "onlyCA:TRUE"});
  }
  Verdict const verdict = listed.verdict();
  CHECK(reasons(verdict) == Reasons{Reason::crl_unavailable});
  CHECK(says(verdict,
             "the CRL of CN=Intermediate in /crl/intermediate.pem, which is about CN=web, "
             "cannot be relied on ("));
}

TEST_CASE("a CRL is expired from the second of next update on") {
  Listed listed;
  Sample sample = listed.sample();
  auto const until = from_now(hour);
  sample.revocation.crl_files[1] =
      crl_file("/crl/short.pem", testing::crl(listed.good.intermediate, {.next_update = until}));
  sample.now = until - second;
  CHECK(said(judged(sample)) == "");
  sample.now = until;
  CHECK(reasons(sample) == Reasons{Reason::crl_expired});
  CHECK(says(judged(sample),
             "/crl/short.pem, which is about CN=web, expired at " + to_rfc3339_seconds(until)));
}

TEST_CASE("a CRL may lie as far in the future as the skew, and no second further") {
  Listed listed;
  auto const from = from_now(hour);
  listed.of_intermediate = testing::crl(listed.good.intermediate, {.this_update = from});
  Sample sample = listed.sample();
  sample.rules.skew = std::chrono::minutes(1);
  sample.now = from - std::chrono::minutes(1);
  CHECK(said(judged(sample)) == "");
  sample.now -= second;
  CHECK(reasons(sample) == Reasons{Reason::crl_not_yet_valid});
  CHECK(says(judged(sample), "is not valid before " + to_rfc3339_seconds(from)));
}

TEST_CASE(
    "of two CRLs of one moment the higher number counts, else the longer list, in any order") {
  struct Case {
    testing::CrlOptions first = {};
    testing::CrlOptions second = {};
    bool revoked = false;
  };
  Listed listed;
  std::vector<testing::CrlEntry> const entries{{listed.pair.serial}};
  std::vector<testing::CrlEntry> const other{{"0A"}};
  for (Case const& one : {Case{{.number = 9}, {.entries = entries, .number = 10}, true},
                          Case{{.number = 255}, {.entries = entries, .number = 256}, true},
                          Case{{.number = 10}, {.entries = entries, .number = 9}, false},
                          Case{{.number = 9}, {.entries = entries, .number = 9}, true},
                          Case{{.entries = other}, {.entries = {other[0], entries[0]}}, true}}) {
    std::string const a = testing::crl(listed.good.intermediate, one.first);
    std::string const b = testing::crl(listed.good.intermediate, one.second);
    for (std::string const& text : {a + b, b + a}) {
      listed.of_intermediate = text;
      CHECK(reasons(listed.verdict()) == (one.revoked ? Reasons{Reason::revoked} : Reasons{}));
    }
  }
}

TEST_CASE("a delta CRL is refused by its name, whether it is needed or not") {
  Listed listed;
  listed.more = {crl_file("/crl/delta.pem",
                          testing::crl(listed.good.intermediate, {.number = 2, .delta_of = 1}))};
  Verdict const verdict = listed.verdict();
  CHECK(reasons(verdict) == Reasons{Reason::crl_unavailable});
  CHECK(says(verdict, "/crl/delta.pem: the CRL of CN=Intermediate is a delta CRL"));
}

TEST_CASE("a file that could not be used is told once, though the CRL in it is missed") {
  Listed listed;
  Sample sample = listed.sample();
  sample.revocation.crl_files[1] = {"/crl/gone.pem", {}, "cannot read /crl/gone.pem"};
  Verdict const verdict = judged(sample);
  CHECK(reasons(verdict) == Reasons{Reason::crl_unavailable});
  CHECK(said(verdict) == "cannot read /crl/gone.pem\n");
}

TEST_CASE("an anchor needs no CRL, and nothing that lists it counts") {
  Pair const alone = testing::self_signed();
  Sample sample{.certificate = alone.leaf_pem, .key = alone.key_pem, .anchors = alone.leaf_pem};
  sample.rules.revocation = settings::Revocation::crl;
  CHECK(judged(sample).accepted());
  sample.rules.revocation = settings::Revocation::ocsp;
  CHECK(judged(sample).accepted());
  // An intermediate that is trusted by itself.
  Good const good;
  Sample partial = good.sample();
  partial.anchors = good.intermediate.pem();
  partial.rules.revocation = settings::Revocation::crl;
  auto const serial = testing::serial_of(good.intermediate.pem());
  partial.revocation.crl_files = {
      crl_file("/crl/both.pem",
               testing::crl(good.intermediate) + testing::crl(good.root, {.entries = {{serial}}}))};
  CHECK(said(judged(partial)) == "");
}

TEST_CASE("with revocation off only the source's CRL is looked at, because it is published") {
  Good const good;
  Pair const pair = good.issue();
  Sample sample = good.sample(pair);
  auto const with = [&](std::string const& crl) {
    sample.revocation.crl_files = {crl_file("/src/ca.crl", crl)};
    return reasons(sample);
  };
  CHECK(with(testing::crl(good.intermediate, {.entries = {{pair.serial}}})) == Reasons{});
  CHECK(with(testing::crl(good.intermediate, {.delta_of = 1})) == Reasons{Reason::crl_unavailable});
  sample.revocation.crl_files = {{"/src/ca.crl", {}, "cannot read /src/ca.crl"}};
  CHECK(reasons(sample) == Reasons{Reason::crl_unavailable});
}

TEST_CASE("a responder's word decides, on the leaf and on what is above it") {
  Good const good;
  Pair const pair = good.issue({.common_name = "web"});
  std::string const& above = good.intermediate.pem();
  auto const verdict = [&](std::vector<crypto::OcspAnswer> answers) {
    return judged(answered(good, pair, std::move(answers)));
  };
  CHECK(said(verdict({good_answer(pair.leaf_pem)})) == "");
  CHECK(said(verdict({good_answer(pair.leaf_pem), good_answer(above)})) == "");
  Verdict const revoked = verdict({revoked_answer(pair.leaf_pem)});
  CHECK(reasons(revoked) == Reasons{Reason::revoked});
  CHECK(says(revoked, "/src/tls.crt: CN=web is revoked at "));
  CHECK(says(revoked, "superseded, says http://ocsp.internal: have it issued anew"));
  CHECK(reasons(verdict({good_answer(pair.leaf_pem), revoked_answer(above)})) ==
        Reasons{Reason::revoked});
}

TEST_CASE("no answer to rely on is ocsp_failed, or a warning where mode is soft") {
  Good const good;
  Pair const pair = good.issue({.common_name = "web"});
  crypto::OcspAnswer const unnamed{certificate(pair.leaf_pem), "", fail("there is no responder")};
  struct Case {
    std::vector<crypto::OcspAnswer> answers;
    std::string words;
  };
  for (Case const& one :
       {Case{{no_answer(pair.leaf_pem)},
             "by http://ocsp.internal: no whole answer: within 5s; see that this host reaches it"},
        Case{{good_answer(pair.leaf_pem), no_answer(good.intermediate.pem())},
             "no OCSP answer about CN=Intermediate by"},
        Case{{unnamed}, "name one in trust.ocsp_url"},
        Case{{}, "needs its issuer's certificate"}}) {
    Sample sample = answered(good, pair, one.answers);
    CHECK(reasons(sample) == Reasons{Reason::ocsp_failed});
    CHECK(says(judged(sample), one.words));
    sample.rules.ocsp_mode = settings::OcspMode::soft;
    CHECK(reasons(sample) == Reasons{});
    CHECK(judged(sample).warnings.size() == 1);
    CHECK(says(judged(sample), one.words));
  }
  Sample revoked = answered(good, pair, {revoked_answer(pair.leaf_pem)});
  revoked.rules.ocsp_mode = settings::OcspMode::soft;
  CHECK(reasons(revoked) == Reasons{Reason::revoked});
}

TEST_CASE("a certification path leads from the leaf to its anchor, from files and as published") {
  Good const good;
  Pair const pair = good.issue();
  auto const anchors = crypto::Anchors::from_bundle(good.root.pem()).value();
  Sample const sample = good.sample(pair);
  source::Snapshot const snapshot = snapshot_of(sample);
  std::vector<crypto::Certificate> const expected{certificate(pair.leaf_pem),
                                                  certificate(good.intermediate.pem()),
                                                  certificate(good.root.pem())};
  CHECK(certification_path(snapshot, *anchors, sample.now) == expected);
  CHECK(certification_path(pair.certificate_pem, *anchors, sample.now) == expected);
  CHECK(certification_path(pair.leaf_pem, *anchors, sample.now).empty());
  CHECK(certification_path("nothing here", *anchors, sample.now).empty());
}

TEST_CASE("a path that no anchor vouches for asks no responder") {
  Good const good;
  Authority const impostor;  // of the same name
  Pair const pair = impostor.intermediate().issue();
  auto const anchors = crypto::Anchors::from_bundle(good.root.pem()).value();
  CHECK(certification_path(pair.certificate_pem, *anchors, from_now({})).empty());
}

TEST_CASE("what is in force is revoked by a CRL, however old it is, or by a responder") {
  Good const good;
  Pair const pair = good.issue({.common_name = "web"});
  auto const anchors = crypto::Anchors::from_bundle(good.root.pem()).value();
  auto const now = from_now({});
  auto const path = certification_path(pair.certificate_pem, *anchors, now);
  settings::Trust rules{.revocation = settings::Revocation::crl};
  auto const by_crl = [&](testing::CrlOptions const& options) {
    Revocation const known{{crl_file("/crl/a.pem", testing::crl(good.intermediate, options))}, {}};
    return words_of(revocation_of(path, *anchors, known, rules, now));
  };
  CHECK(by_crl({}) == "unknown");  // there is none of the root
  CHECK(by_crl({.entries = {{pair.serial}}}).find("CN=web is revoked") != std::string::npos);
  CHECK(by_crl({.entries = {{pair.serial}}, .next_update = from_now(-second)}) != "");
  Authority const stranger;
  CHECK(by_crl({.entries = {{pair.serial}}, .signed_by = &stranger}) == "unknown");
  Revocation const unreadable{{{.path = "/crl/a.pem", .failure = "/crl/a.pem is gone"}}, {}};
  CHECK(words_of(revocation_of(path, *anchors, unreadable, rules, now)) == "unknown");
  auto const by_responder = [&](crypto::OcspAnswer const& answer) {
    return words_of(revocation_of(path, *anchors, {{}, {answer}}, rules, now));
  };
  rules.revocation = settings::Revocation::ocsp;
  CHECK(by_responder(good_answer(pair.leaf_pem)) == "");
  CHECK(by_responder(no_answer(pair.leaf_pem)) == "unknown");
  rules.ocsp_mode = settings::OcspMode::soft;
  CHECK(by_responder(no_answer(pair.leaf_pem)) == "unknown");
  CHECK(by_responder(revoked_answer(pair.leaf_pem)).find("superseded") != std::string::npos);
  rules.revocation = settings::Revocation::off;
  CHECK(by_responder(revoked_answer(pair.leaf_pem)) == "");
}
