#pragma once

#include <memory>

#include "base/clock.hpp"
#include "loop/task.hpp"

namespace certpivot {

/// A wait that others can end early: one waits, anybody on the loop rings. A ring that nobody waits
/// for is forgotten.
class Alarm {
 public:
  explicit Alarm(boost::asio::any_io_executor const& loop);
  Alarm(Alarm const&) = delete;
  Alarm& operator=(Alarm const&) = delete;
  Alarm(Alarm&&) = delete;
  Alarm& operator=(Alarm&&) = delete;
  ~Alarm();

  static constexpr SteadyTime never = SteadyTime::max();
  [[nodiscard]] Task<void> wait_until(SteadyTime moment);
  void ring();

 private:
  struct Timer;  // Asio's, kept out of this header
  std::unique_ptr<Timer> timer_;
};

}  // namespace certpivot
