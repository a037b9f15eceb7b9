#pragma once

#include <algorithm>
#include <cstddef>

#include "base/clock.hpp"

namespace certpivot::hook {

/// How long a run waits for company, so that everybody who changed with the first is in it. No
/// clock: times are handed in.
class Gathering {
 public:
  /// Certificates that change together are not noticed in one instant. Short beside any server's
  /// reload, and long beside the way from a rename to its hook.
  static constexpr Duration quiet = std::chrono::milliseconds(100);
  /// For so long at most: a member whose disk hangs must not keep the others.
  static constexpr Duration longest = std::chrono::seconds(2);

  explicit Gathering(SteadyTime first) : first_(first), last_(first) {}

  void arrived(SteadyTime now) { last_ = now; }

  /// When it is over; `expected`: how many members are still on their way to the hook.
  [[nodiscard]] SteadyTime over(std::size_t expected) const {
    SteadyTime const latest = first_ + longest;
    return expected == 0 ? std::min(last_ + quiet, latest) : latest;
  }

 private:
  SteadyTime first_;
  SteadyTime last_;
};

}  // namespace certpivot::hook
