#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hook/registry.hpp"
#include "loop/task.hpp"
#include "rollout/lane.hpp"

namespace certpivot::rollout {

/// Makes what belongs to one certificate from its settings. Errors: a hook that no plugin knows.
[[nodiscard]] Result<Parts> assemble(settings::Certificate const& settings,
                                     hook::Registry const& registry, Log& log, Workers& workers);

/// All certificates of the daemon, each in a lane of its own: in parallel, rollouts of one in turn.
class Lanes {
 public:
  /// `all_looked` is called when every source was read for the first time, and again after further
  /// ones were added.
  Lanes(boost::asio::io_context& loop, World const& world, source::Watcher& watcher,
        source::Evidence& evidence, hook::Registry const& registry,
        std::function<void()> all_looked);

  /// Makes the lanes those of `certificates`: unchanged ones go on, and try
  /// again what has failed; changed and dropped ones end after the rollout in hand, and the changed
  /// begin anew then. On an error nothing changes.
  [[nodiscard]] Result<void> apply(std::vector<settings::Certificate> const& certificates);

  /// Ends every lane after the rollout in hand; `all_ended` is called when the last one has.
  void stop(std::function<void()> all_ended);

  [[nodiscard]] bool rolling_out() const;

 private:
  struct Slot {
    std::unique_ptr<Lane> lane = {};
    std::optional<Parts> next = {};  ///< to begin when `lane` has ended
  };

  void start(std::string const& name, Parts parts);
  void looked();
  void ended(std::string const& name);

  boost::asio::io_context& loop_;
  World world_;
  source::Watcher& watcher_;
  source::Evidence& evidence_;
  hook::Registry const& registry_;
  std::map<std::string, Slot> slots_;
  std::size_t to_look_ = 0;  ///< lanes that have not read their source yet
  std::function<void()> all_looked_;
  std::function<void()> all_ended_;
};

}  // namespace certpivot::rollout
