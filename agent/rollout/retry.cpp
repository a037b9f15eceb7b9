#include "rollout/retry.hpp"

#include <algorithm>

namespace certpivot::rollout {

Retry Retry::of_rollouts() { return {std::chrono::minutes(1), std::chrono::hours(1)}; }

void Retry::failed(SteadyTime now) {
  pause_ = pause_ == Duration::zero() ? first_ : std::min(pause_ * 2, longest_);
  at_ = now + pause_;
}

void Retry::succeeded() {
  pause_ = Duration::zero();
  at_.reset();
}

}  // namespace certpivot::rollout
