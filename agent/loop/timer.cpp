#include "loop/timer.hpp"

#include "loop/asio.hpp"

namespace certpivot {

SteadyTime LoopTimer::now() const { return std::chrono::steady_clock::now(); }

Task<void> LoopTimer::sleep_for(Duration duration) {
  asio::steady_timer timer(co_await asio::this_coro::executor, duration);
  boost::system::error_code
      ignored;  // only a cancelled sleep ends early, and then its task ends too
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

WallTime SystemClock::now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace certpivot
