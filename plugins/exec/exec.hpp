#pragma once

#include <memory>

#include "hook/registry.hpp"

namespace certpivot::plugins {

/// type = "exec": runs `command`, without a shell. It gets the event as JSON on standard input and
/// the contract's CERTPIVOT_… variables, always all of them, empty where there is no value, so that
/// a script under `set -u` works. An exit code other than 0, an end by a signal and a timeout are
/// failures.
[[nodiscard]] std::unique_ptr<hook::Hook> make_exec_hook(settings::Hook const& settings,
                                                         hook::Tools const& tools);

}  // namespace certpivot::plugins
