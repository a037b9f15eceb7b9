#include "rollout/crl_ends.hpp"

#include <doctest/doctest.h>

#include "support/pki.hpp"

using namespace certpivot;
using namespace certpivot::rollout;
using std::chrono::seconds;
using Ends = std::vector<CrlEnd>;

namespace {
WallTime const now = testing::from_now({});
CrlEnd const one{"CN=One", now + seconds(10)};
CrlEnd const two{"CN=Two", now + seconds(20)};
}  // namespace

TEST_CASE("the end of each CRL is said, once and not before its second") {
  CrlEnds ends;
  CHECK(ends.take_over({two, one}, one.at - seconds(1)).empty());
  CHECK(ends.next({two, one}) == one.at);
  CHECK(ends.take_over({two, one}, one.at) == Ends{one});
  CHECK(ends.take_over({two, one}, one.at).empty());
  CHECK(ends.next({two, one}) == two.at);
  CHECK(ends.take_over({two, one}, two.at + seconds(1)) == Ends{two});
  CHECK_FALSE(ends.next({two, one}));
}

TEST_CASE("a CRL that comes again with the end that was said is said again") {
  CrlEnds ends;
  CHECK(ends.take_over({one}, one.at) == Ends{one});
  CHECK(ends.take_over({two}, one.at).empty());
  CHECK(ends.take_over({one}, one.at) == Ends{one});
}

TEST_CASE("without a CRL nothing ends") {
  CrlEnds ends;
  CHECK(ends.take_over({}, now).empty());
  CHECK_FALSE(ends.next({}));
}
