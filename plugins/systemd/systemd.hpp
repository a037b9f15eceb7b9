#pragma once

#include <string>

#include "hook/registry.hpp"

namespace certpivot::plugins {

/// type = "systemd": gives systemd the job `action` for `unit` over D-Bus, and waits for its
/// result. check() is that the unit is loaded and not masked, and for a reload that it is active
/// and has something to reload by. No program is started.
[[nodiscard]] hook::Factory systemd_factory(std::string bus_address);

}  // namespace certpivot::plugins
