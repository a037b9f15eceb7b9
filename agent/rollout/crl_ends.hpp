#pragma once

#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "rollout/candidate.hpp"

namespace certpivot::rollout {

/// Which of the CRLs in force have come to their end, each said once: servers that were given one
/// refuse every peer of its CA from then on. No clock: times are handed in.
class CrlEnds {
 public:
  /// Those that are over at `now` and were not in an answer before.
  [[nodiscard]] std::vector<CrlEnd> take_over(std::vector<CrlEnd> const& in_force, WallTime now);

  /// The first end that is still to be said; nothing where none is.
  [[nodiscard]] std::optional<WallTime> next(std::vector<CrlEnd> const& in_force) const;

 private:
  std::vector<CrlEnd> said_ = {};
};

}  // namespace certpivot::rollout
