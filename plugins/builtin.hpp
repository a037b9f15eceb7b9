#pragma once

#include "hook/registry.hpp"

namespace certpivot::plugins {

/// The one list: every hook that is built in, by its type in the configuration.
void register_builtin(hook::Registry& registry);

}  // namespace certpivot::plugins
