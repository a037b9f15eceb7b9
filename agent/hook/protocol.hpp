#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "event/event.hpp"

/// What is said to an external plugin and by it: one JSON object each way, as the contract's
/// chapter on external plugins has it. Values only; plugin.hpp runs the program.
namespace certpivot::hook {

enum class Action { describe, check, reload, alert };
[[nodiscard]] std::string_view name(Action action);

/// The line for standard input. `config` is a JSON object.
[[nodiscard]] std::string question(Action action, std::string const& config,
                                   event::Event const& event);

/// What a plugin can do, and which keys it takes.
struct Description {
  struct Key {
    std::string type = {};  ///< string, integer, number, boolean, array or object
    bool required = false;
  };
  std::set<std::string> actions = {};
  std::map<std::string, Key> config = {};
};

/// Errors: no JSON object, more than one, a version other than 1, no `ok`; and `ok: false`, with
/// the plugin's own message.
[[nodiscard]] Result<void> read_answer(std::string_view output);
/// The same for `describe`. Errors besides: a key that is described wrongly.
[[nodiscard]] Result<Description> read_description(std::string_view output);

/// Whether `config` has the keys that are described and no others. The error names each that is
/// wrong.
[[nodiscard]] Result<void> judge_config(std::string const& config, Description const& description);

}  // namespace certpivot::hook
