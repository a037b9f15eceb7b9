#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "event/event.hpp"
#include "hook/hook.hpp"
#include "loop/task.hpp"
#include "loop/timer.hpp"
#include "settings/settings.hpp"

namespace certpivot {
class Log;
class Workers;
}  // namespace certpivot

namespace certpivot::hook {

/// What the runs of hooks share.
struct Runners {
  Timer& timer;
  Workers& workers;
  Log& log;
  /// From 0 up to 1, for splay.
  std::function<double()> random;
};

/// The hooks of one server, whichever certificates they stand under: one run for all that changed
/// together, no closer together than min_interval, after a random wait up to splay, under the lock.
/// A hook without a group is one of its own. All of it on the loop's thread.
class Group {
 public:
  /// `hook` gives the group's name and rules; the hooks of one name are alike.
  Group(settings::Hook const& hook, Runners const& runners);
  ~Group();
  Group(Group const&) = delete;
  Group& operator=(Group const&) = delete;
  Group(Group&&) = delete;
  Group& operator=(Group&&) = delete;

  /// While it lives, a member is on its way to the hook and the others wait for it, if not for
  /// long.
  class OnTheWay {
   public:
    explicit OnTheWay(std::shared_ptr<Group> group);
    // To cancel a timer throws by its signature alone.
    ~OnTheWay() { arrive(); }  // NOLINT(bugprone-exception-escape)
    OnTheWay(OnTheWay const&) = delete;
    OnTheWay& operator=(OnTheWay const&) = delete;
    OnTheWay(OnTheWay&& other) noexcept = default;
    OnTheWay& operator=(OnTheWay&&) = delete;
    void arrive();

   private:
    std::shared_ptr<Group> group_;
  };

  /// Asks `hook` whether a reload could work. What it says is about the generation in force, and so
  /// who asks while somebody of the group does gets the same answer.
  [[nodiscard]] Task<Result<void>> check(Hook& hook, settings::Hook const& settings,
                                         event::Event const& event);

  /// What a failure of the run means for the certificate.
  enum class Stake {
    rollback,  ///< it goes back
    debt,      ///< nothing, the run is tried again
  };

  /// Runs `hook`, or is part of another member's run; the error of a run is everybody's who was in
  /// it. A certificate that goes back because a run failed in company goes alone the next time, so
  /// that one that the server does not take keeps nobody else. A way back does not wait for
  /// min_interval and splay.
  [[nodiscard]] Task<Result<void>> run(Hook& hook, settings::Hook const& settings,
                                       event::Event const& event, Stake stake);

  /// The process is to end: what waits for its time goes now.
  void hurry();

  [[nodiscard]] bool has_rules_of(settings::Hook const& hook) const;

 private:
  struct Answer;
  struct Batch;
  [[nodiscard]] std::shared_ptr<Batch> join(boost::asio::any_io_executor const& loop,
                                            event::Event const& event, Stake stake);
  [[nodiscard]] SteadyTime due(Batch const& batch) const;
  [[nodiscard]] Task<void> wait_for_turn(Batch& batch);
  [[nodiscard]] Task<void> lead(std::shared_ptr<Batch> batch, Hook& hook,
                                settings::Hook const& settings, event::Event const& event);
  [[nodiscard]] Task<Result<UniqueFd>> take_turn(std::string const& certificate);
  [[nodiscard]] Task<Result<void>> run_locked(Hook& hook, settings::Hook const& settings,
                                              event::Event const& event);
  void poke();

  settings::Hook rules_;
  Runners runners_;
  std::shared_ptr<Batch> open_ = {};                  ///< that takes members
  std::vector<std::shared_ptr<Batch>> waiting_ = {};  ///< as they came
  std::shared_ptr<Answer> check_ = {};                ///< that is under way
  std::set<std::string> alone_ = {};                  ///< certificates that go alone the next time
  std::optional<SteadyTime> last_run_ = {};
  std::size_t on_the_way_ = 0;
  bool running_ = false;
  bool hurried_ = false;
};

/// Whether the lock could be taken, if not now; empty for none. Changes nothing.
[[nodiscard]] Task<Result<void>> check_lock(std::string path, Workers& workers);

/// The groups by their names.
class Groups {
 public:
  explicit Groups(Runners runners) : runners_(std::move(runners)) {}
  /// The group of that name, or a new one; one of its own where `hook` names none.
  [[nodiscard]] std::shared_ptr<Group> of(settings::Hook const& hook);

 private:
  Runners runners_;
  std::map<std::string, std::weak_ptr<Group>> groups_ = {};
};

}  // namespace certpivot::hook
