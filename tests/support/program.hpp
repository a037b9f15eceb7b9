#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

#include "base/unique_fd.hpp"

namespace certpivot::testing {

/// Far more than anything takes: it ends a test that hangs, and is never part of what is tested.
inline constexpr std::chrono::seconds patience{30};

/// Asks `done` every few milliseconds until it says yes; throws naming `what` when patience is
/// over.
void wait_until(std::string const& what, std::function<bool()> const& done);

/// A moment in which another process may notice what was just done. Nothing may depend on whether
/// it does: for states in between that should be seen, and need not be.
void let_it_be_seen();

/// A program that runs beside the test, with its standard output and standard error in one text.
class Program {
 public:
  /// `environment`: "NAME=value", added to the test's own. Throws where it cannot be started.
  explicit Program(std::vector<std::string> const& words,
                   std::vector<std::string> const& environment = {});
  Program(Program const&) = delete;
  Program& operator=(Program const&) = delete;
  Program(Program&&) = delete;
  Program& operator=(Program&&) = delete;
  /// Kills it where it still runs.
  ~Program();

  [[nodiscard]] ::pid_t pid() const { return pid_; }
  void send(int signal) const;
  /// Whether wait() has seen its end.
  [[nodiscard]] bool ended() const { return waited_for_; }
  /// Waits for its end: the exit code, or 128 + signal.
  int wait();
  /// Everything that it has said so far.
  [[nodiscard]] std::string output() const;
  /// Waits until `enough` says so of the output, or the program has ended; false in the latter
  /// case. Throws when patience is over.
  bool wait_for_output(std::function<bool(std::string const&)> const& enough) const;

 private:
  void collect();

  ::pid_t pid_ = -1;
  bool waited_for_ = false;
  int exit_code_ = -1;
  UniqueFd reader_ = {};
  UniqueFd stop_reader_ = {};
  UniqueFd stop_ = {};
  mutable std::mutex mutex_ = {};
  mutable std::condition_variable changed_ = {};
  std::string output_ = {};
  bool over_ = false;
  std::thread thread_ = {};
};

/// What a program that has ended did.
struct Outcome {
  int exit_code = -1;
  std::string out = {};
  std::string err = {};
};
[[nodiscard]] Outcome run_program(std::vector<std::string> const& words,
                                  std::vector<std::string> const& environment = {});

}  // namespace certpivot::testing
