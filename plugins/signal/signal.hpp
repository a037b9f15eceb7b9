#pragma once

#include <string>

#include "hook/registry.hpp"

namespace certpivot::plugins {

/// type = "signal": sends `signal` to the process that `pidfile` names, to the main process of
/// `unit`, for which systemd is asked at `bus_address`, or to that of the executable `process`.
/// There is no default signal, because one that a server does not handle ends it: HUP would end
/// Node, uvicorn and gRPC servers.
[[nodiscard]] hook::Factory signal_factory(std::string bus_address);

}  // namespace certpivot::plugins
