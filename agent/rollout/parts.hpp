#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"
#include "hook/group.hpp"
#include "hook/hook.hpp"
#include "journal/journal.hpp"
#include "log/log.hpp"
#include "loop/timer.hpp"
#include "loop/workers.hpp"
#include "probe/probe.hpp"
#include "publish/directory.hpp"
#include "settings/settings.hpp"
#include "source/snapshot.hpp"

namespace certpivot::rollout {

/// What every certificate shares, handed in by main: real in the daemon, doubles in the flow tests.
struct World {
  WallClock const& wall;
  Timer& timer;
  Workers& workers;
  journal::Journal& journal;
  probe::Probe& probe;
  hook::Groups& groups;
  Log& log;
};

struct ConfiguredHook {
  settings::Hook settings = {};
  std::unique_ptr<hook::Hook> hook = {};
  std::shared_ptr<hook::Group> group = {};  ///< of World::groups
};

/// What belongs to one certificate.
struct Parts {
  settings::Certificate settings = {};
  std::unique_ptr<publish::Target> target = {};  ///< null: the server reads the source itself
  event::Paths in_source = {};  ///< without a target: the source's files, as they were found last
  std::vector<ConfiguredHook> hooks = {};
  /// So long after the start what is in force is first proved to be served: later for each
  /// certificate, so that not all servers are asked at once.
  Duration first_proof = {};
};

/// As a failed proof names a generation whose leaf is served still.
[[nodiscard]] std::string in_force_before(publish::Number number);

/// The pair of a generation, for a server that asks its clients for one. Blocks.
[[nodiscard]] Result<crypto::ClientPair> published_pair(publish::Target& target,
                                                        publish::Number number);

/// Where servers find what is in force: through `current`, or in the source itself.
[[nodiscard]] event::Paths paths_of(Parts const& parts, bool with_ca);
/// The files that a snapshot was read from, or that a source consists of now; the latter blocks.
[[nodiscard]] event::Paths paths_of(source::Snapshot const& snapshot);
[[nodiscard]] event::Paths paths_of(settings::Source const& source);

/// Writes an event to the log as one line: the sentence for people, the event's kind, generation
/// and reason codes as fields.
void tell(Log& log, event::Event const& event, std::string_view sentence);

}  // namespace certpivot::rollout
