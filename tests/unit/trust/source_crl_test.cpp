#include "trust/rule/source_crl.hpp"

#include <doctest/doctest.h>

#include "support/crl.hpp"
#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using testing::Authority;
using testing::from_now;
using Reasons = std::vector<Reason>;

namespace {

constexpr auto day = 24 * hour;
constexpr auto every_revocation = {settings::Revocation::off, settings::Revocation::crl};

/// A good pair in a source that holds CRLs, too.
struct Source {
  Good good = Good();
  testing::Pair pair = good.issue({.common_name = "web"});
  std::string of_root = testing::crl(good.root);

  [[nodiscard]] Sample with(std::string const& crls) const {
    Sample sample = good.sample(pair);
    sample.crl = of_root + crls;
    return sample;
  }
  [[nodiscard]] std::string of_intermediate(testing::CrlOptions const& options = {}) const {
    return testing::crl(good.intermediate, options);
  }
  /// Expired a second ago.
  [[nodiscard]] std::string expired() const {
    return of_intermediate({.this_update = from_now(-day), .next_update = from_now(-second)});
  }
};

}  // namespace

TEST_CASE("a CRL of the source that has expired is refused, once, whatever trust.revocation is") {
  Source const source;
  auto const until = from_now(hour);
  for (auto const revocation : every_revocation) {
    Sample sample = source.with(source.of_intermediate({.next_update = until}));
    sample.rules.revocation = revocation;
    sample.now = until - second;
    CHECK(said(judged(sample)) == "");
    CHECK(judged(sample).crl_usable);
    sample.now = until;
    Verdict const verdict = judged(sample);
    CHECK(reasons(verdict) == Reasons{Reason::crl_expired});
    CHECK_FALSE(verdict.crl_usable);
    CHECK(said(verdict) == "/src/ca.crl: the CRL of CN=Intermediate expired at " +
                               to_rfc3339_seconds(until) +
                               ", and servers that check CRLs refuse every certificate of that "
                               "CA: bring its present one, or take source.crl out of the "
                               "configuration\n");
  }
}

TEST_CASE("a CRL of the source that has nothing to do with the pair is judged, too") {
  Source const source;
  Authority const other({.common_name = "Other"});
  auto const until = from_now(hour);
  Sample sample = source.with(testing::crl(other, {.next_update = until}));
  sample.now = until - second;
  CHECK(reasons(sample) == Reasons{});
  sample.now = until;
  CHECK(reasons(sample) == Reasons{Reason::crl_expired});
  CHECK(says(judged(sample), "/src/ca.crl: the CRL of CN=Other expired at "));
}

TEST_CASE("a CRL of the source may lie as far in the future as the skew, and no second further") {
  Source const source;
  auto const from = from_now(hour);
  for (auto const revocation : every_revocation) {
    Sample sample = source.with(source.of_intermediate({.this_update = from}));
    sample.rules.revocation = revocation;
    sample.rules.skew = std::chrono::minutes(1);
    sample.now = from - sample.rules.skew;
    CHECK(said(judged(sample)) == "");
    sample.now -= second;
    CHECK(reasons(sample) == Reasons{Reason::crl_not_yet_valid});
    CHECK(says(judged(sample), "/src/ca.crl: the CRL of CN=Intermediate is not valid before " +
                                   to_rfc3339_seconds(from)));
  }
}

TEST_CASE("a CRL that is in force already hinders no pair where CRLs are not asked for") {
  Source const source;
  Authority const stranger({.common_name = "Intermediate"});
  for (std::string const& crl :
       {source.expired(), source.of_intermediate({.signed_by = &stranger})}) {
    Sample sample = source.with(crl);
    CHECK(reasons(sample).size() == 1);
    sample.crl_in_force = *sample.crl;
    Verdict const verdict = judged(sample);
    CHECK(verdict.accepted());
    CHECK(verdict.crl_usable);
    CHECK(says(verdict, "; it is in force already, and stays so with the next pair"));
    sample.rules.revocation = settings::Revocation::ocsp;
    sample.rules.ocsp_mode = settings::OcspMode::soft;
    CHECK(reasons(sample) == Reasons{});
    sample.rules.revocation = settings::Revocation::crl;
    CHECK(reasons(sample).size() == 1);
    sample.rules.revocation = settings::Revocation::off;
    // Another one, as bad.
    sample.crl_in_force = source.of_root;
    CHECK(reasons(sample).size() == 1);
  }
  Sample der = source.with("");
  std::string const expired = source.expired();
  der.crl = testing::der_of(expired);
  der.crl_in_force = expired;
  CHECK(reasons(der) == Reasons{});
}

TEST_CASE("an old CRL beside a valid one of its issuer does no harm, but does in another scope") {
  Source const source;
  std::string const present = source.of_intermediate({.number = 2});
  auto const old = [&](std::string const& scope) {
    return source.of_intermediate(
        {.this_update = from_now(-day), .next_update = from_now(-second), .scope = scope});
  };
  for (auto const revocation : every_revocation) {
    for (std::string const& crls : {present + old(""), old("") + present}) {
      Sample sample = source.with(crls);
      sample.rules.revocation = revocation;
      CHECK(said(judged(sample)) == "");
    }
  }
  CHECK(reasons(source.with(present + old("onlyCA:TRUE"))) == Reasons{Reason::crl_expired});
  // The next one may be there ahead of its time.
  std::string const next = source.of_intermediate({.this_update = from_now(hour), .number = 3});
  CHECK(said(judged(source.with(present + next))) == "");
  CHECK(reasons(source.with(old("") + next)) == Reasons{Reason::crl_not_yet_valid});
}

TEST_CASE("a CRL by another key of that name is refused, whatever trust.revocation is") {
  Source const source;
  Authority const stranger({.common_name = "Intermediate"});
  // With the key identifier of the CA that it claims to be of, and with its own.
  for (std::string const& crl :
       {source.of_intermediate({.signed_by = &stranger}), testing::crl(stranger)}) {
    for (auto const revocation : every_revocation) {
      Sample sample = source.with(crl);
      sample.rules.revocation = revocation;
      Verdict const verdict = judged(sample);
      CHECK(reasons(verdict) == Reasons{Reason::crl_unavailable});
      CHECK(says(verdict, "/src/ca.crl: the CRL of CN=Intermediate is signed by none of the keys"));
      CHECK_FALSE(verdict.crl_usable);
    }
    Verdict const beside = judged(source.with(crl + source.of_intermediate()));
    CHECK(beside.accepted());
    CHECK(says(beside, "the CRL of CN=Intermediate is signed by none of the keys"));
  }
}

TEST_CASE("a CRL is verified by the chain, by the CA bundle and by the anchors") {
  Authority const other({.common_name = "Other"});
  std::string const crl = testing::crl(other);
  Source const source;
  CHECK(says(judged(source.with(crl)), "the CRL of CN=Other could not be verified"));
  Sample by_bundle = source.with(crl);
  by_bundle.ca = other.pem();
  CHECK(said(judged(by_bundle)) == "");
  Sample by_anchors = source.with(crl);
  by_anchors.anchors += other.pem();
  CHECK(said(judged(by_anchors)) == "");
  CHECK(said(judged(source.with(source.of_intermediate()))) == "");
}

TEST_CASE("an older CRL is refused unless that is allowed, or the one in force has expired") {
  Source const source;
  auto const at = from_now(-2 * hour);
  Sample sample = source.with(source.of_intermediate({.this_update = at}));
  auto const in_force = [&](testing::CrlOptions const& options) {
    sample.crl_in_force = source.of_root + source.of_intermediate(options);
    return judged(sample);
  };
  CHECK(said(in_force({.this_update = at, .number = 2})) == "");
  CHECK(said(in_force({.this_update = at + second, .scope = "onlyCA:TRUE"})) == "");
  Verdict const older = in_force({.this_update = at + second});
  CHECK(reasons(older) == Reasons{Reason::older_than_current});
  CHECK(says(older, "/src/ca.crl: the CRL of CN=Intermediate is of " + to_rfc3339_seconds(at) +
                        ", older than the one in force, of " + to_rfc3339_seconds(at + second)));
  CHECK_FALSE(older.crl_usable);
  std::string const words = "what was revoked since then no longer is\n";
  auto const now = sample.now;
  CHECK(reasons(in_force({.this_update = at + second, .next_update = now + second})) ==
        Reasons{Reason::older_than_current});
  Verdict const after = in_force({.this_update = at + second, .next_update = now});
  CHECK(after.accepted());
  CHECK(says(after, words));
  sample.rules.allow_older = true;
  Verdict const allowed = in_force({.this_update = at + second});
  CHECK(allowed.accepted());
  CHECK(allowed.crl_usable);
  CHECK(says(allowed, words));
}

TEST_CASE("a bad file of trust.crl_files says nothing against the source's CRL") {
  Source const source;
  Sample sample = source.with(source.of_intermediate());
  sample.rules.revocation = settings::Revocation::crl;
  sample.revocation.crl_files = {{.path = "/crl/gone.pem", .failure = "/crl/gone.pem is gone"}};
  Verdict const verdict = judged(sample);
  CHECK(reasons(verdict) == Reasons{Reason::crl_unavailable});
  CHECK(verdict.crl_usable);
  sample.crl = source.of_root + source.of_intermediate({.delta_of = 1});
  CHECK_FALSE(judged(sample).crl_usable);
}

TEST_CASE("a CRL in DER is published as PEM, one in PEM as it is") {
  Source const source;
  std::string const pem = source.of_intermediate();
  Sample sample = source.with("");
  sample.crl = testing::der_of(pem);
  CHECK(judged(sample).crl_pem == pem);
  sample.crl = "# a comment\n" + pem;
  CHECK(judged(sample).crl_pem == "");
}
