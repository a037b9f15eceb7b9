#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "log/log.hpp"
#include "loop/timer.hpp"
#include "loop/workers.hpp"
#include "rollout/candidate.hpp"
#include "rollout/parts.hpp"
#include "rollout/rollout.hpp"
#include "support/memory_journal.hpp"
#include "support/memory_publish.hpp"
#include "support/pki.hpp"
#include "support/script.hpp"

/// A whole rollout in one process over doubles: publish directory, journal, server, probe and
/// clocks, all in one Script, so that a test can make any call fail or the process die before or
/// after it.
namespace certpivot::testing {

/// Wall time that the test sets.
class SetClock final : public WallClock {
 public:
  explicit SetClock(WallTime now) : now_(now) {}
  [[nodiscard]] WallTime now() const override { return now_; }
  void set(WallTime now) { now_ = now; }

 private:
  WallTime now_;
};

/// Sleeps take no time; how long was asked for is written down.
class InstantTimer final : public Timer {
 public:
  [[nodiscard]] SteadyTime now() const override { return now_; }
  [[nodiscard]] Task<void> sleep_for(Duration duration) override;
  [[nodiscard]] std::vector<Duration> const& sleeps() const { return sleeps_; }

 private:
  SteadyTime now_ = {};
  std::vector<Duration> sleeps_ = {};
};

/// A server that reads what is current when its hook runs, and keeps serving what it read. It
/// outlives the process under test, as nginx does.
struct Server {
  std::string serves = {};             ///< certificate file as last read
  std::set<std::string> refuses = {};  ///< certificate files that its configuration test rejects
  bool down = false;                   ///< no hook reaches it
  bool deaf = false;                   ///< hooks seem to work, but it reads nothing
  bool broken = false;                 ///< its configuration fails the pre-check
  unsigned reloads = 0;
};

/// The world of one test. `parts()` and `world()` are made anew for each "process".
class FlowWorld {
 public:
  FlowWorld();

  [[nodiscard]] rollout::Parts parts();
  [[nodiscard]] rollout::World world();
  [[nodiscard]] std::unique_ptr<rollout::Candidate const> candidate(Pair const& pair) const;

  /// Takes stock and recovers, as a lane does when it begins. What is in force then.
  journal::InForce begin();
  /// Rolls `pair` out on top of `in_force` as the next generation.
  rollout::Report roll_out(Pair const& pair, journal::InForce const& in_force);

  Script script = {};
  MemoryPublish publish = MemoryPublish(script);
  MemoryJournal journal = MemoryJournal(script);
  Server server = {};
  Authority authority = Authority();
  SetClock wall;
  InstantTimer timer = {};
  settings::OnFailure on_failure = settings::OnFailure::rollback;
  std::vector<std::string> extras = {};  ///< names of further files that are asked for

 private:
  std::unique_ptr<probe::Probe> probe_;
  Workers workers_ = Workers(4);
  int silent_;
  Log log_;
  hook::Groups groups_;
};

}  // namespace certpivot::testing
