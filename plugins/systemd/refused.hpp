#pragma once

#include <string_view>

#include "base/error.hpp"

namespace certpivot::plugins {

/// A D-Bus error in words. `name` is such as "org.freedesktop.systemd1.NoSuchUnit", `message` what
/// came with it, which stays in where it says more than we can.
[[nodiscard]] Error refused_call(std::string_view name, std::string_view message);

}  // namespace certpivot::plugins
