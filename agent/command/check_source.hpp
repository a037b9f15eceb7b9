#pragma once

#include <string>

#include "command/check_report.hpp"
#include "hook/registry.hpp"
#include "settings/settings.hpp"
#include "source/evidence.hpp"

namespace certpivot::command {

/// Judges what a source holds at the time `now`, by files that are there now; a bundle without a
/// private key as a certificate alone. Blocks.
[[nodiscard]] CheckReport check_source(settings::Certificate const& settings,
                                       source::Evidence& evidence, WallTime now);

/// The same of a certificate of a configuration with its journal in `state`: also what is published
/// of it, what came of it the last time, and what would keep the daemon from rolling it out.
/// Blocks.
[[nodiscard]] CheckReport check_configured(settings::Certificate const& settings,
                                           std::string const& state, hook::Registry const& registry,
                                           source::Evidence& evidence, WallTime now);

}  // namespace certpivot::command
