#pragma once

#include <memory>
#include <string>

#include "hook/registry.hpp"
#include "journal/journal.hpp"
#include "log/log.hpp"
#include "loop/asio.hpp"
#include "loop/timer.hpp"
#include "loop/workers.hpp"
#include "probe/probe.hpp"
#include "rollout/parts.hpp"
#include "settings/settings.hpp"
#include "source/evidence.hpp"
#include "source/watch.hpp"

namespace certpivot::command {

/// What `run` and `once` stand on: one loop, its workers, clock, watcher and journal.
struct Service {
  Service(settings::LogChoice const& choice, std::unique_ptr<journal::Journal> journal_);

  Log log;
  SystemClock wall = {};
  LoopTimer timer = {};
  Workers workers = Workers();
  asio::io_context loop = asio::io_context(1);
  source::Watcher watcher = source::Watcher(loop.get_executor(), log);
  source::Evidence evidence = {};
  probe::TlsProbe probe = probe::TlsProbe(timer);
  hook::Groups groups;
  std::unique_ptr<journal::Journal> journal;

  [[nodiscard]] rollout::World world() {
    return {wall, timer, workers, *journal, probe, groups, log};
  }
};

/// The three standard descriptors are open; no core dumps and no reading of our memory by others of
/// the same user (prctl(2)); SIGPIPE ignored, since a hook may close its input, and a peer its
/// connection; one malloc arena, since idle memory is a promise.
void harden_process();

/// Ends the process at once where a worker hangs in a mount that never answers: no destructor may
/// wait for it.
[[noreturn]] void leave(Service& service, int code);

}  // namespace certpivot::command
