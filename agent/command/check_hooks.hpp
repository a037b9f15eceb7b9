#pragma once

#include "command/check_report.hpp"
#include "hook/registry.hpp"
#include "settings/settings.hpp"

namespace certpivot::command {

/// Adds what would keep the daemon from rolling out a pair that every rule accepts: the pre-check
/// of each hook that the daemon asks before its pivot, and the publish directory. Where the
/// source's content is in force already, that is a warning: it is the next pair that could not go
/// live. Changes nothing. Blocks.
void look_ahead(CheckReport& report, settings::Certificate const& settings,
                hook::Registry const& registry);

}  // namespace certpivot::command
