#include "hook/gathering.hpp"

#include <doctest/doctest.h>

using namespace certpivot;
using hook::Gathering;

namespace {
constexpr SteadyTime start{std::chrono::hours(1)};
constexpr Duration tick = std::chrono::milliseconds(1);
}  // namespace

TEST_CASE("who comes alone waits a moment for company") {
  CHECK(Gathering(start).over(0) == start + Gathering::quiet);
}

TEST_CASE("each arrival is waited for anew, though not for ever") {
  Gathering gathering(start);
  gathering.arrived(start + 40 * tick);
  CHECK(gathering.over(0) == start + 40 * tick + Gathering::quiet);
  gathering.arrived(start + Gathering::longest - tick);
  CHECK(gathering.over(0) == start + Gathering::longest);
}

TEST_CASE("those on their way are waited for, though not for ever") {
  Gathering gathering(start);
  CHECK(gathering.over(1) == start + Gathering::longest);
  gathering.arrived(start + tick);
  CHECK(gathering.over(0) == start + tick + Gathering::quiet);
}
