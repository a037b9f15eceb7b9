#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace certpivot::testing {

/// What doubles are told to do, and every call that was made of them, in one order over all doubles
/// that share it. Calls are named like "publish.pivot 2" and "journal.about_to pivot". Callable
/// from any thread.
class Script {
 public:
  /// Thrown where the process dies: no code of ours may run after it, and none catches it.
  struct Crash {};

  /// The n-th call from now on fails, and does nothing; 1 is the next one.
  void fail_at(std::size_t call);
  /// Every call whose name begins with `name` fails, and does nothing, until reopen().
  void fail_at(std::string name);
  /// The process dies before the n-th call from now on is done, or after it was.
  void crash_before(std::size_t call);
  void crash_after(std::size_t call);
  /// A new process on what was done so far: nothing is planned any more. The calls stay written
  /// down.
  void reopen();

  [[nodiscard]] std::vector<std::string> calls() const;
  void forget_calls();

  /// For the doubles: the call begins; the planned failure where there is one.
  [[nodiscard]] Result<void> enter(std::string const& call);
  /// For the doubles: the call was done.
  void leave();

 private:
  mutable std::mutex mutex_ = {};
  std::vector<std::string> calls_ = {};
  std::size_t made_ = 0;  ///< calls of this process
  bool dead_ = false;
  std::optional<std::size_t> failing_call_ = {};
  std::optional<std::size_t> crash_before_ = {};
  std::optional<std::size_t> crash_after_ = {};
  std::vector<std::string> failing_names_ = {};
};

}  // namespace certpivot::testing
