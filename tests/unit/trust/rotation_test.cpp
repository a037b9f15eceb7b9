#include <doctest/doctest.h>

#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using testing::Authority;
using testing::from_now;
using testing::Pair;
using Reasons = std::vector<Reason>;

TEST_CASE("rotation: nothing older replaces a current one that is valid") {
  Good const good;
  WallTime const issued = from_now(-2 * hour);
  Sample sample = good.sample(testing::LeafOptions{.not_before = issued});
  auto const against = [&](WallTime not_before, WallTime not_after, bool allow_older) {
    sample.current = CertificateFacts{.not_before = not_before, .not_after = not_after};
    sample.rules.allow_older = allow_older;
    return reasons(sample);
  };
  WallTime const later = sample.now + hour;
  CHECK(against(issued - second, later, false) == Reasons{});
  CHECK(against(issued, later, false) == Reasons{});
  CHECK(against(issued + second, later, false) == Reasons{Reason::older_than_current});
  CHECK(against(issued + second, later, true) == Reasons{});
  CHECK(against(issued + second, sample.now + second, false) ==
        Reasons{Reason::older_than_current});
  CHECK(against(issued + second, sample.now, false) == Reasons{});
}

TEST_CASE("rotation: an older one is told where it is not refused, with the same times") {
  Good const good;
  WallTime const issued = from_now(-2 * hour);
  WallTime const newer = issued + second;
  struct {
    std::string why;
    WallTime not_before;
    WallTime not_after;
    bool allow_older;
    bool revoked;
    bool told;
  } const cases[] = {
      {"allowed", newer, from_now(hour), true, false, true},
      {"revoked", newer, from_now(hour), false, true, true},
      {"expired", newer, from_now(-hour), false, false, true},
      {"as old", issued, from_now(hour), true, true, false},
  };
  for (auto const& one : cases) {
    CAPTURE(one.why);
    Sample sample = good.sample(testing::LeafOptions{.not_before = issued});
    sample.current = CertificateFacts{.not_before = one.not_before, .not_after = one.not_after};
    sample.current_revoked = one.revoked;
    sample.rules.allow_older = one.allow_older;
    Verdict const verdict = judged(sample);
    CHECK(verdict.accepted());
    CHECK(says(verdict, "/src/tls.crt: CN=test leaf is valid from " + to_rfc3339_seconds(issued) +
                            ", the one in force from " + to_rfc3339_seconds(newer) + "\n") ==
          one.told);
  }
}

TEST_CASE("rotation: what is in force never blocks when it is revoked, and any step back is told") {
  Good const good;
  Sample sample = good.sample(testing::LeafOptions{.not_before = from_now(-2 * hour)});
  sample.current = CertificateFacts{.not_before = from_now(-hour), .not_after = from_now(hour)};
  CHECK(reasons(sample) == Reasons{Reason::older_than_current});
  sample.current_revoked = true;
  CHECK(reasons(sample) == Reasons{});
}

TEST_CASE("rotation: each step back from what is in force is a warning of its own, no refusal") {
  Good const good;
  WallTime const from = from_now(-hour);
  WallTime const until = from_now(100 * hour);
  testing::LeafOptions const options{
      .names = {"a.internal", "b.internal"}, .not_before = from, .not_after = until};
  Pair const pair = good.issue(options);
  CertificateFacts const same{.subject = "CN=test leaf",
                              .issuer = "CN=Intermediate",
                              .serial = "1",
                              .fingerprint = "other",
                              .names = {"b.internal", "a.internal"},
                              .not_before = from,
                              .not_after = until,
                              .key = "EC P-256",
                              .security_bits = 128};
  auto const with = [&](auto change) {
    CertificateFacts facts = same;
    change(facts);
    return facts;
  };
  struct {
    CertificateFacts current;
    std::string warning;  ///< empty for none
  } const cases[] = {
      {same, ""},
      {with([&](auto& it) { it.not_after = until - second; }), ""},
      {with([&](auto& it) { it.not_after = until + second; }), "before the one in force"},
      {with([&](auto& it) {
         it.security_bits = 129;
         it.key = "RSA 4096";
       }),
       "a weaker key than the one in force: EC P-256 after RSA 4096"},
      {with([&](auto& it) { it.security_bits = 127; }), ""},
      {with([&](auto& it) { it.security_bits = 0; }), ""},
      {with([&](auto& it) { it.names.emplace_back("c.internal"); }), "it lacks c.internal"},
      {with([&](auto& it) { it.names.pop_back(); }), ""},
      {with([&](auto& it) { it.issuer = "CN=Other"; }),
       "is issued by CN=Intermediate, the one in force by CN=Other"},
      {with([&](auto& it) { it.serial = pair.serial; }),
       "has the serial number of the one in force"},
      {with([&](auto& it) {
         it.serial = pair.serial;
         it.issuer = "CN=Other";
       }),
       "the one in force by CN=Other"},
      {with([&](auto& it) {
         it.fingerprint = pair.fingerprint;
         it.issuer = "CN=Other";
       }),
       ""},
  };
  for (auto const& one : cases) {
    CAPTURE(one.warning);
    Sample sample = good.sample(pair);
    sample.current = one.current;
    Verdict const verdict = judged(sample);
    CHECK(verdict.accepted());
    REQUIRE(verdict.warnings.size() == (one.warning.empty() ? 0 : 1));
    CHECK(says(verdict, one.warning));
  }
}
