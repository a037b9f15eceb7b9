#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "event/event.hpp"
#include "hook/protocol.hpp"
#include "hook/registry.hpp"
#include "loop/task.hpp"

namespace certpivot::hook {

/// An executable certpivot-<type>: one run a question, in the words of protocol.hpp. One that
/// hangs, floods, dies or answers nonsense has failed, and no more. It is run only where nobody but
/// root and the daemon's own user could have put it there. What it writes to standard error is
/// logged.
class Plugin {
 public:
  /// `timeout` bounds each run.
  Plugin(std::string type, settings::Hook::External external, Duration timeout, Tools const& tools);

  /// What it can do, once its keys are judged by that. Errors besides its own: it cannot do what it
  /// is wanted for, a key that it does not take, or one that it must have.
  [[nodiscard]] Task<Result<Description>> describe(Action wanted_for) const;

  /// Errors: what it says, or why it could not say it.
  [[nodiscard]] Task<Result<void>> obey(Action action, event::Event const& event) const;

 private:
  [[nodiscard]] Task<Result<std::string>> ask(Action action, event::Event const& event) const;

  std::string type_;
  settings::Hook::External external_;
  Duration timeout_;
  Tools tools_;
};

}  // namespace certpivot::hook
