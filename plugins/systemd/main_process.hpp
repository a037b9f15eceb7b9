#pragma once

#include <string>

#include "base/clock.hpp"
#include "plugins/target/target.hpp"

namespace certpivot::plugins {

/// The main process of a unit, held before systemd was asked a second time whether it still is.
/// Errors: those of the bus and of the unit, no main process, one that changes meanwhile, a number
/// that is another process here, as in a container that has the host's bus. Blocks, at most to the
/// deadline.
[[nodiscard]] Result<Target> main_process(std::string const& unit, std::string const& bus_address,
                                          SteadyTime deadline);

}  // namespace certpivot::plugins
