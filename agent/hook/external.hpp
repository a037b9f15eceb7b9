#pragma once

#include <memory>

#include "hook/registry.hpp"
#include "loop/task.hpp"

namespace certpivot::hook {

/// A hook that a plugin serves. Before the pivot the plugin is asked what it can do and its keys
/// are judged by that; then it is asked to check, where it can.
[[nodiscard]] std::unique_ptr<Hook> make_external_hook(settings::Hook const& settings,
                                                       Tools const& tools);

/// Whether the plugin of such a hook runs at all and takes its keys, whatever its server does.
[[nodiscard]] Task<Result<void>> judge_external_hook(settings::Hook settings, Tools tools);

}  // namespace certpivot::hook
