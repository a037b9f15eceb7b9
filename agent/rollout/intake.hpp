#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "rollout/retry.hpp"

namespace certpivot::rollout {

/// What one look at the source found, as far as it matters for what to do next.
struct Look {
  enum class Found {
    absent,      ///< none of the files is there
    in_force,    ///< its content is what is in force already
    good,        ///< accepted
    early,       ///< accepted, and valid only from a moment that is still to come
    incomplete,  ///< refused, but a later write may complete it
    bad,         ///< refused, and only another version can cure that
  };
  Found found = Found::absent;
  /// Tells one version from another: the snapshot's digest and the codes that refuse it.
  std::string version = {};
  Duration due_in = Duration::zero();  ///< of `early`
};

/// Decides when a look leads to something, with times handed in: no clock, no files. There is no
/// settling delay: what validates goes at once, what does not yet waits for the next change and is
/// refused by name only after the grace without one. A refused version never delays the next.
class Intake {
 public:
  enum class Action {
    nothing,
    roll_out,
    wait,    ///< say that it becomes valid later, once for each version
    refuse,  ///< say so, once for each version
    lost,    ///< the source was there and is gone for longer than the grace
  };
  struct Decision {
    Action action = Action::nothing;
    std::optional<SteadyTime> look_again = {};  ///< without a change before it
    bool found_again = false;                   ///< the source was lost and is back
    /// The pair is refused or waits, and that was said: what is good beside it may go.
    bool trust_alone = false;
  };

  explicit Intake(Duration grace) : grace_(grace) {}

  [[nodiscard]] Decision consider(Look const& look, SteadyTime now);

  /// The version's rollout, or that of what is good beside its pair, did not end committed: it is
  /// tried again, but later each time.
  void rollout_failed(std::string const& version, SteadyTime now);
  void rollout_committed() { failure_.reset(); }
  /// What has failed is not waited for any longer.
  void hurry(SteadyTime now) {
    if (failure_) failure_->retry.hurry(now);
  }
  /// When what has failed is tried again.
  [[nodiscard]] std::optional<SteadyTime> next_try() const {
    return failure_ ? failure_->retry.at() : std::nullopt;
  }

 private:
  struct Waiting {
    std::string version = {};
    SteadyTime since = {};
    bool told = false;
  };
  struct Failure {
    std::string version = {};
    Retry retry = Retry::of_rollouts();
  };

  /// Whether this version was not spoken of yet; it is from now on.
  [[nodiscard]] bool first_time(Look const& look, SteadyTime now);
  [[nodiscard]] Decision wait_out(Look const& look, SteadyTime now, Action in_the_end);
  [[nodiscard]] Decision good(Look const& look, SteadyTime now) const;
  /// Until when the version is left alone after a failure.
  [[nodiscard]] std::optional<SteadyTime> pause_of(Look const& look, SteadyTime now) const;
  void let_trust_go(Look const& look, SteadyTime now, Decision& decision) const;

  Duration grace_;
  std::optional<Waiting> waiting_;  ///< what is not good yet, since when, and whether that was said
  std::optional<Failure> failure_;
  bool seen_ = false;  ///< the source has been there
  bool lost_ = false;
};

}  // namespace certpivot::rollout
