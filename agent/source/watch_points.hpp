#pragma once

#include <vector>

#include "settings/settings.hpp"
#include "source/walk.hpp"
#include "source/watch.hpp"

namespace certpivot::source {

/// The ways to all files of a source, in names_to_watch()'s order, then to those that are only
/// watched. Blocks.
[[nodiscard]] std::vector<Walk> ways_to(settings::Source const& source);
[[nodiscard]] std::vector<Walk> ways_to(settings::Source const& source, Lookups& lookups);

/// The directories that these ways lead through, sorted; watch_points() is the two together.
[[nodiscard]] std::vector<WatchPoint> points_on(std::vector<Walk> const& ways);

}  // namespace certpivot::source
