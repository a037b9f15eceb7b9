#pragma once

#include <memory>

#include "hook/registry.hpp"

namespace certpivot::plugins {

/// type = "signal": sends `signal` to the process that `pidfile` names. There is no default signal,
/// because one that a server does not handle ends it: HUP would end Node, uvicorn and gRPC servers.
[[nodiscard]] std::unique_ptr<hook::Hook> make_signal_hook(settings::Hook const& settings,
                                                           hook::Tools const& tools);

}  // namespace certpivot::plugins
