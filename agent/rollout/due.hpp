#pragma once

#include "base/clock.hpp"

namespace certpivot::rollout {

/// When a moment of the wall clock comes as a timer counts it: `now` for one that is past, and no
/// later than `longest` from now, because the wall clock may be set meanwhile, and some moments
/// (year 9999) are beyond what a timer can count.
[[nodiscard]] SteadyTime due_at(WallTime moment, WallTime wall_now, SteadyTime now,
                                Duration longest);

}  // namespace certpivot::rollout
