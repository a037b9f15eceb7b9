#pragma once

#include <optional>

#include "base/clock.hpp"

namespace certpivot::rollout {

/// When to try a thing again that has failed: each time after twice the pause. No clock: times are
/// handed in.
class Retry {
 public:
  Retry(Duration first, Duration longest) : first_(first), longest_(longest) {}
  /// Of a rollout, because a server that was down may be up by then: 1 min, at most 1 h.
  [[nodiscard]] static Retry of_rollouts();

  void failed(SteadyTime now);
  void succeeded();
  /// What waits for its time is due. The pause after the next failure grows all the same.
  void hurry(SteadyTime now) {
    if (at_) at_ = now;
  }
  /// Nothing where the last try did not fail.
  [[nodiscard]] std::optional<SteadyTime> at() const { return at_; }
  [[nodiscard]] bool is_ahead(SteadyTime now) const { return at_ && now < *at_; }

 private:
  Duration first_;
  Duration longest_;
  Duration pause_ = Duration::zero();
  std::optional<SteadyTime> at_ = {};
};

}  // namespace certpivot::rollout
