#include <doctest/doctest.h>

#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using testing::Authority;
using testing::from_now;
using testing::Pair;
using Reasons = std::vector<Reason>;

TEST_CASE("pair: a key of another certificate is a mismatch, which a later write may cure") {
  Good const good;
  Sample sample = good.sample(testing::LeafOptions{.common_name = "web"});
  sample.key = testing::self_signed().key_pem;
  Verdict const verdict = judged(sample);
  CHECK(reasons(verdict) == Reasons{Reason::key_mismatch});
  CHECK(verdict.incomplete());
  CHECK(says(verdict, "the key in /src/tls.key does not belong to the certificate CN=web"));
}

TEST_CASE("pair: a new certificate for the same key is accepted") {
  Good const good;
  Pair const first = good.issue();
  CHECK(judged(good.sample(testing::LeafOptions{.key_pem = first.key_pem})).accepted());
}

TEST_CASE("access: the key's mode is no wider than configured, and open to others is a warning") {
  using settings::KeyAccess;
  Good const good;
  Pair const pair = good.issue();
  struct {
    unsigned mode;
    KeyAccess loosest;
    bool refused;
    bool warned;
  } const cases[] = {
      {0600, KeyAccess::owner, false, false}, {0400, KeyAccess::owner, false, false},
      {0640, KeyAccess::owner, true, false},  {0620, KeyAccess::owner, true, false},
      {0604, KeyAccess::owner, true, false},  {0640, KeyAccess::group, false, false},
      {0660, KeyAccess::group, false, false}, {0644, KeyAccess::group, true, false},
      {0641, KeyAccess::group, true, false},  {0640, KeyAccess::any, false, false},
      {0644, KeyAccess::any, false, true},    {0602, KeyAccess::any, false, true},
  };
  for (auto const& one : cases) {
    CAPTURE(one.mode);
    Sample sample = good.sample(pair);
    sample.key_mode = one.mode;
    sample.rules.key_access = one.loosest;
    Verdict const verdict = judged(sample);
    CHECK(reasons(verdict) == Reasons(one.refused ? 1 : 0, Reason::key_access));
    CHECK(says(verdict, "others may read or write") == one.warned);
  }
}
