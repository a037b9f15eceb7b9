#pragma once

#include <chrono>
#include <fcntl.h>
#include <string>

#include <doctest/doctest.h>

#include "base/unique_fd.hpp"
#include "log/log.hpp"
#include "loop/asio.hpp"
#include "source/read.hpp"
#include "source/watch.hpp"

namespace certpivot::testing {

/// A loop, a Watcher and one subscriber that is armed for a source.
class Watched {
 public:
  explicit Watched(settings::Source from) : source(std::move(from)) {
    subscriber = watcher.subscribe([this] { ++calls; });
    coverage = watcher.arm(subscriber, source);
  }

  /// Runs the loop until the subscriber is called, or until a deadline that only a defect reaches.
  [[nodiscard]] bool told() {
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    int const before = calls;
    while (calls == before && std::chrono::steady_clock::now() < deadline)
      loop.run_one_for(std::chrono::milliseconds(200));
    return calls > before;
  }

  /// Takes all events that wait, without waiting for more: inotify queues before the call that
  /// changed something returns.
  int drain() {
    int const before = calls;
    while (loop.poll_one() > 0) {
    }
    return calls - before;
  }

  /// What a rollout does: arms, then reads, until what it reads is what `digest` says, each further
  /// look only after it was told of a change.
  [[nodiscard]] bool arrives(std::string const& digest) {
    while (true) {
      coverage = watcher.arm(subscriber, source);
      auto const snapshot = source::read(source);
      if (snapshot && snapshot->digest == digest) return true;
      if (!told()) return false;
    }
  }

  UniqueFd nowhere{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  Log log{LogLevel::error, LogFormat::text, false, nowhere.get()};
  asio::io_context loop;
  source::Watcher watcher{loop.get_executor(), log};
  settings::Source source;
  source::Watcher::Subscriber subscriber = 0;
  source::Coverage coverage = {};
  int calls = 0;
};

}  // namespace certpivot::testing
