#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "settings/settings.hpp"

namespace certpivot::rollout {

/// When each probe of one certificate is due again, and what is new in its answers. No clock: times
/// are handed in.
class ProbeRounds {
 public:
  explicit ProbeRounds(std::vector<settings::Probe> const& probes);

  /// None ever has a turn.
  [[nodiscard]] bool idle() const;

  /// Each is due in `pause`, but none later than its interval has it.
  void begin(SteadyTime now, Duration pause);

  struct Due {
    std::size_t probe = 0;
    SteadyTime at = {};
  };
  /// The one whose turn is next; nothing where none has an interval, or before begin().
  [[nodiscard]] std::optional<Due> next() const;

  enum class News { none, not_served, recovered };
  /// Takes one answer; its next turn comes an interval later.
  News note(std::size_t probe, bool served, SteadyTime now);
  /// There was no answer: its next turn comes an interval later.
  void skip(std::size_t probe, SteadyTime now);

 private:
  struct Round {
    Duration interval = {};
    std::optional<SteadyTime> at = {};
    bool missed = false;  ///< not served, by the last answer
  };
  std::vector<Round> rounds_ = {};
};

}  // namespace certpivot::rollout
