#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "support/program.hpp"

namespace certpivot::testing {

/// The binary under test: $CERTPIVOT_BINARY, or the one that this build made.
[[nodiscard]] std::string certpivot_binary();

/// Runs it with `arguments` to its end.
[[nodiscard]] Outcome certpivot(std::vector<std::string> arguments,
                                std::vector<std::string> const& environment = {});

/// One line of the log in JSON.
struct LogLine {
  std::string level = {};
  std::string certificate = {};
  std::string message = {};
  std::string event = {};  ///< empty where the line reports none
  std::uint64_t generation = 0;
  std::string reasons = {};      ///< codes, joined by blanks
  std::string fingerprint = {};  ///< of the leaf that the event is about
  std::string text = {};         ///< the whole line
};

/// `certpivot run` on a configuration whose log format is JSON.
class Daemon {
 public:
  /// Starts it and waits until the configuration is loaded. `under` stands before the binary, as
  /// "/usr/bin/setpriv --reuid 1 --" would.
  explicit Daemon(std::string const& config, std::vector<std::string> under = {});

  /// The next line, after the one that was given last, with this event, of this certificate unless
  /// empty. Throws with the whole log where it ends or does not come.
  LogLine next(std::string const& event, std::string const& certificate = {});
  /// The next line that says how it ended with the leaf of this fingerprint: committed, refused,
  /// rolled_back or failed.
  LogLine ending_of(std::string const& fingerprint);
  /// Lines so far, and those with this event.
  [[nodiscard]] std::vector<LogLine> lines() const;
  [[nodiscard]] std::vector<LogLine> all(std::string const& event) const;
  [[nodiscard]] std::string output() const { return program_->output(); }
  /// Waits until the log has a line with this text.
  void wait_for_text(std::string const& text) const;

  /// Waits until every certificate has had its first pass, and the hooks that were owed have run.
  void wait_until_settled() const { wait_for_text("every source was read"); }

  [[nodiscard]] ::pid_t pid() const { return program_->pid(); }
  /// SIGHUP.
  void reload() const;
  /// SIGTERM; the exit code.
  int stop();
  /// SIGKILL.
  void kill();
  /// Waits for an end that comes by itself; the exit code.
  int wait() { return program_->wait(); }

 private:
  LogLine next_that(std::string const& what, std::function<bool(LogLine const&)> const& fits);

  std::unique_ptr<Program> program_;
  std::size_t given_ = 0;  ///< lines that next() has passed
};

}  // namespace certpivot::testing
