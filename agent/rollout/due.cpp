#include "rollout/due.hpp"

namespace certpivot::rollout {

// Compared before anything is subtracted: WallTime::min() is a moment, too.
SteadyTime due_at(WallTime moment, WallTime wall_now, SteadyTime now, Duration longest) {
  if (moment <= wall_now) return now;
  if (moment > wall_now + longest) return now + longest;
  return now + std::chrono::ceil<Duration>(moment - wall_now);
}

}  // namespace certpivot::rollout
