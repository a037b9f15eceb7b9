#pragma once

#include <chrono>

namespace certpivot {

/// Wall time, UTC, as certificates have it. Never used to measure how long something took: it
/// jumps.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;
/// Monotonic time, for deadlines and durations. Never shown to people.
using SteadyTime = std::chrono::steady_clock::time_point;
/// Every duration of the project; a bare integer is never one.
using Duration = std::chrono::milliseconds;

/// What time it is, handed in, so that tests set it.
class WallClock {
 public:
  virtual ~WallClock() = default;
  [[nodiscard]] virtual WallTime now() const = 0;
};

class SteadyClock {
 public:
  virtual ~SteadyClock() = default;
  [[nodiscard]] virtual SteadyTime now() const = 0;
};

}  // namespace certpivot
