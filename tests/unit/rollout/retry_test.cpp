#include "rollout/retry.hpp"

#include <doctest/doctest.h>

using namespace certpivot;
using namespace certpivot::rollout;
using namespace std::chrono_literals;

TEST_CASE("a thing is tried again after twice the pause each time, up to the longest") {
  Retry retry(5s, 15s);
  SteadyTime const now{};
  for (auto const pause : {5s, 10s, 15s, 15s}) {
    retry.failed(now);
    CHECK(retry.at() == now + pause);
    CHECK(retry.is_ahead(now + pause - 1ms));
    CHECK_FALSE(retry.is_ahead(now + pause));
  }
}

TEST_CASE("what has succeeded is not tried again, and fails as if for the first time") {
  Retry retry = Retry::of_rollouts();
  SteadyTime const now{};
  CHECK_FALSE(retry.at());
  CHECK_FALSE(retry.is_ahead(now));
  retry.failed(now);
  retry.failed(now);
  retry.succeeded();
  CHECK_FALSE(retry.at());
  retry.failed(now);
  CHECK(retry.at() == now + 1min);
}
