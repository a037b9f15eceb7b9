#pragma once

#include <memory>

#include "hook/registry.hpp"

namespace certpivot::hook {

/// A hook that an executable certpivot-<type> in agent.plugins serves. Before the pivot it is asked
/// what it can do and its keys are judged by that; then it is asked to check, where it can. A
/// plugin that hangs, floods, dies or answers nonsense is a hook that has failed, and no more. Run
/// only where nobody but root and the daemon's own user could have written it.
[[nodiscard]] std::unique_ptr<Hook> make_external_hook(settings::Hook const& settings,
                                                       Tools const& tools);

}  // namespace certpivot::hook
