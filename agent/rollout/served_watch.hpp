#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "journal/journal.hpp"
#include "loop/alarm.hpp"
#include "loop/task.hpp"
#include "probe/expected.hpp"
#include "rollout/parts.hpp"
#include "rollout/probe_rounds.hpp"
#include "rollout/voice.hpp"

namespace certpivot::rollout {

/// Proves again and again that what is in force is served, beside the lane, which never waits for
/// it. It tells where something else is served, and where that has passed; it runs no hooks and
/// rolls nothing back, because nothing that certpivot did has failed.
class ServedWatch {
 public:
  ServedWatch(boost::asio::any_io_executor const& loop, World const& world, Parts const& parts,
              Voice const& voice);

  /// A rollout begins: no probe until follow(), and one that is under way is void.
  void pause();
  /// What is in force from now on; `proved`: every probe has just shown it. Where hooks are owed,
  /// its server cannot have taken it yet, and nothing is probed.
  void follow(journal::InForce const& in_force, bool proved);

  /// Until stop(); at once where no probe has an interval.
  [[nodiscard]] Task<void> run();
  void stop();

 private:
  [[nodiscard]] Task<void> ask(std::size_t probe);
  [[nodiscard]] Task<void> void_since(unsigned change);
  void note(std::size_t probe, Result<void> proved);

  World world_;
  Parts const& parts_;
  Voice const& voice_;
  Alarm alarm_;
  ProbeRounds rounds_;
  Duration first_pause_;
  journal::InForce in_force_ = {};
  std::optional<std::vector<probe::Other>> before_ = {};  ///< the generation before, once looked up
  unsigned change_ = 0;                                   ///< counts what makes an answer void
  bool paused_ = true;
  bool stopping_ = false;
};

}  // namespace certpivot::rollout
