#include <doctest/doctest.h>

#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using testing::Authority;
using testing::from_now;
using testing::Pair;
using Reasons = std::vector<Reason>;

TEST_CASE("lifetime: a leaf is valid from the second of notBefore to the one before notAfter") {
  Good const good;
  WallTime const from = from_now(-2 * hour);
  WallTime const until = from_now(2 * hour);
  Sample sample = good.sample(testing::LeafOptions{.not_before = from, .not_after = until});
  auto const at = [&](WallTime now) {
    sample.now = now;
    return reasons(sample);
  };
  CHECK(at(from - second) == Reasons{Reason::not_yet_valid});
  CHECK(at(from) == Reasons{});
  CHECK(at(until - second) == Reasons{});
  CHECK(at(until) == Reasons{Reason::expired});
  CHECK(at(until + second) == Reasons{Reason::expired});
}

TEST_CASE("lifetime: the least remaining validity is a duration, a share, or the shorter of both") {
  Good const good;
  WallTime const from = from_now(-2 * hour);
  WallTime const until = from + 10 * hour;
  Sample sample = good.sample(testing::LeafOptions{.not_before = from, .not_after = until});
  struct {
    Threshold least;
    Duration enough;
  } const cases[] = {{{.duration = 3 * hour}, 3 * hour},
                     {{.share = Share{20}}, 2 * hour},
                     {{.duration = 3 * hour, .share = Share{20}}, 2 * hour},
                     {{.duration = hour, .share = Share{20}}, hour}};
  for (auto const& one : cases) {
    sample.rules.min_remaining = one.least;
    sample.now = until - one.enough;
    CHECK(reasons(sample) == Reasons{});
    sample.now += second;
    CHECK(reasons(sample) == Reasons{Reason::min_remaining});
    sample.now = until;
    CHECK(reasons(sample) == Reasons{Reason::expired});
  }
}

TEST_CASE("lifetime: the whole validity is at most as long as configured, and any without") {
  Good const good;
  WallTime const from = from_now(-2 * hour);
  Sample sample =
      good.sample(testing::LeafOptions{.not_before = from, .not_after = from + 10 * hour});
  CHECK(reasons(sample) == Reasons{});
  sample.rules.max_lifetime = 10 * hour;
  CHECK(reasons(sample) == Reasons{});
  sample.rules.max_lifetime = 10 * hour + second;
  CHECK(reasons(sample) == Reasons{});
  sample.rules.max_lifetime = 10 * hour - second;
  Verdict const verdict = judged(sample);
  CHECK(reasons(verdict) == Reasons{Reason::max_lifetime});
  CHECK(says(verdict, "is issued for 10h, by 1s longer than trust.max_lifetime, 9h 59m"));
  sample.now = from + 11 * hour;
  CHECK(reasons(sample) == Reasons{Reason::expired, Reason::max_lifetime});
}

TEST_CASE("lifetime: what begins within the skew is accepted and due when it begins") {
  Good const good;
  WallTime const from = from_now(hour);
  Sample sample = good.sample(testing::LeafOptions{.not_before = from});
  sample.rules.skew = hour;
  auto const at = [&](WallTime now) {
    sample.now = now;
    return judged(sample);
  };
  CHECK(reasons(at(from - hour - second)) == Reasons{Reason::not_yet_valid});
  CHECK_FALSE(at(from - hour - second).due);
  CHECK(at(from - hour).accepted());
  CHECK(at(from - hour).due == from);
  CHECK(at(from - second).due == from);
  CHECK(at(from).accepted());
  CHECK_FALSE(at(from).due);
  sample.rules.names = {"missing.internal"};
  CHECK_FALSE(at(from - second).due);
}

TEST_CASE("lifetime: the latest beginning on the path is what an accepted pair waits for") {
  Authority const root;
  WallTime const now = from_now({});
  for (auto const& [leaf, above] : {std::pair(hour, 2 * hour), std::pair(2 * hour, hour)}) {
    Authority const issuer = root.intermediate({.common_name = "Above", .not_before = now + above});
    Pair const pair = issuer.issue({.not_before = now + leaf});
    Sample sample{.certificate = pair.certificate_pem,
                  .key = pair.key_pem,
                  .anchors = root.pem(),
                  .now = now};
    CHECK(reasons(sample) == Reasons{Reason::not_yet_valid, Reason::not_yet_valid});
    sample.rules.skew = hour;
    CHECK(reasons(sample) == Reasons{Reason::not_yet_valid});
    sample.rules.skew = 2 * hour;
    Verdict const verdict = judged(sample);
    CHECK(verdict.accepted());
    CHECK(verdict.due == now + 2 * hour);
  }
}
