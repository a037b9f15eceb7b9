#include "loop/alarm.hpp"

#include "loop/asio.hpp"

namespace certpivot {

struct Alarm::Timer {
  explicit Timer(asio::any_io_executor const& loop) : of_asio(loop) {}
  asio::steady_timer of_asio;
};

Alarm::Alarm(asio::any_io_executor const& loop) : timer_(std::make_unique<Timer>(loop)) {}

Alarm::~Alarm() = default;

Task<void> Alarm::wait_until(SteadyTime moment) {
  timer_->of_asio.expires_at(moment);
  boost::system::error_code rung;
  co_await timer_->of_asio.async_wait(asio::redirect_error(asio::use_awaitable, rung));
}

void Alarm::ring() { timer_->of_asio.cancel(); }

}  // namespace certpivot
