#pragma once

#include "base/clock.hpp"
#include "loop/task.hpp"

namespace certpivot {

/// Waiting, handed in: the real one sleeps on the loop, the tests' one returns at once and writes
/// down how long was asked for.
class Timer : public SteadyClock {
 public:
  [[nodiscard]] virtual Task<void> sleep_for(Duration duration) = 0;
};

/// The real one: std::chrono::steady_clock and an Asio timer on the caller's executor.
class LoopTimer final : public Timer {
 public:
  [[nodiscard]] SteadyTime now() const override;
  [[nodiscard]] Task<void> sleep_for(Duration duration) override;
};

/// std::chrono::system_clock.
class SystemClock final : public WallClock {
 public:
  [[nodiscard]] WallTime now() const override;
};

}  // namespace certpivot
