#pragma once

#include <string>
#include <sys/types.h>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "plugins/target/proc.hpp"

namespace certpivot::plugins {

/// The process that a hook signals. Held by a pidfd (pidfd_open(2)) from before anything was asked
/// about it, so that what was checked is what is signalled, and never a process that got its number
/// later.
class Target {
 public:
  /// The special pidfile of who means process 1, in a container that shares its process namespace:
  /// a pidfile that holds 1 is refused, because in any other place it is a mistake.
  static constexpr auto process_one = "pid:1";

  /// The process whose number the pidfile holds.
  /// Errors, each with its own sentence: those of read_pidfile(), a stale pidfile (no such
  /// process), a zombie, a number that another process has by now (it started after the pidfile was
  /// written).
  [[nodiscard]] static Result<Target> open(std::string const& pidfile);

  /// The process that has this number now; whether it is the one that was meant is for the caller
  /// to ask again. Errors: there is none, or a zombie.
  [[nodiscard]] static Result<Target> hold(::pid_t pid);

  /// The process that runs the executable of this name; of a server with workers the one that
  /// started them. Errors: there is none, or more than one that did not start each other.
  [[nodiscard]] static Result<Target> running(std::string const& executable);

  [[nodiscard]] ::pid_t pid() const { return pid_; }

  /// What the process does with a signal.
  enum class Reaction { some, none };

  /// Everything but the sending: an error where we may not, and where the process has no handler
  /// for a signal that would then end it. TERM, INT, QUIT and KILL are meant to end and pass.
  [[nodiscard]] Result<Reaction> check(int signal) const;
  /// check(), then pidfd_send_signal(2).
  [[nodiscard]] Result<Reaction> send(int signal) const;

  /// An error where the process has ended since, or is a zombie.
  [[nodiscard]] Result<void> still_runs() const;

 private:
  Target(::pid_t pid, UniqueFd handle) : pid_(pid), handle_(std::move(handle)) {}
  [[nodiscard]] Result<void> deliver(int signal) const;
  [[nodiscard]] Result<void> runs(Result<ProcessStat> const& stat) const;

  ::pid_t pid_;
  UniqueFd handle_;
};

/// "HUP" and "SIGHUP" to the number; 0 for none.
[[nodiscard]] int signal_number(std::string const& name);

}  // namespace certpivot::plugins
