#include "loop/alarm.hpp"

#include <doctest/doctest.h>

#include "loop/asio.hpp"
#include "support/run_task.hpp"

using namespace certpivot;
using namespace certpivot::testing;

namespace {

SteadyTime now() { return std::chrono::steady_clock::now(); }

}  // namespace

TEST_CASE("a wait ends where somebody rings") {
  asio::io_context& loop = lasting_loop();
  Alarm alarm(loop.get_executor());
  auto const wait = [&]() -> Task<void> {
    asio::post(loop, [&alarm] { alarm.ring(); });
    co_await alarm.wait_until(Alarm::never);
  };
  run_task(wait(), loop);
}

TEST_CASE("a ring that nobody waits for is forgotten, and the wait ends at its moment") {
  asio::io_context& loop = lasting_loop();
  Alarm alarm(loop.get_executor());
  alarm.ring();
  SteadyTime const moment = now() + std::chrono::milliseconds(20);
  run_task(alarm.wait_until(moment), loop);
  CHECK(now() >= moment);
}
