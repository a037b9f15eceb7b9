#include "rollout/due.hpp"

#include <doctest/doctest.h>

#include "base/moment.hpp"

using namespace certpivot;
using rollout::due_at;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr SteadyTime now{std::chrono::hours(1)};
constexpr Duration longest = seconds(60);
WallTime const today = parse_rfc3339("2026-11-21T12:00:00Z").value();

SteadyTime due(WallTime moment) { return due_at(moment, today, now, longest); }

}  // namespace

TEST_CASE("a moment that is to come is due when as much time has gone by, and not a bit earlier") {
  CHECK(due(today + seconds(7)) == now + seconds(7));
  CHECK(due(today + WallTime::duration(1)) == now + milliseconds(1));
}

TEST_CASE("a moment that is past is due at once, however long ago it was") {
  CHECK(due(today) == now);
  CHECK(due(today - seconds(1)) == now);
  CHECK(due(WallTime::min()) == now);
}

TEST_CASE("a moment far away is looked at again within the longest pause") {
  CHECK(due(today + longest) == now + longest);
  CHECK(due(today + longest + seconds(1)) == now + longest);
  CHECK(due(parse_rfc3339("2400-01-01T00:00:00Z").value_or(WallTime::max())) == now + longest);
  CHECK(due(WallTime::max()) == now + longest);
}
