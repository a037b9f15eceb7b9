#include "loop/limited.hpp"

#include <doctest/doctest.h>

using namespace certpivot;

TEST_CASE("what ends in time gives its answer") {
  CHECK(limited(std::chrono::minutes(1), [] { return 42; }) == 42);
}

TEST_CASE("what does not end in time is left behind, and nothing waits for it") {
  auto const never = std::make_shared<std::promise<void>>();
  auto const answer = limited(std::chrono::milliseconds(1), [never] {
    never->get_future().wait();
    return 42;
  });
  CHECK_FALSE(answer);
  never->set_value();
}
