#pragma once

#include <string>
#include <vector>

#include "settings/report.hpp"

namespace certpivot::settings {

/// The files that the patterns name, each once, in the order of their names; `main_file` is none of
/// them. Patterns are glob(3)'s, relative to the directory of `main_file`. One without wildcards
/// must name a file. Complaints go to `place`.
[[nodiscard]] std::vector<std::string> included(std::vector<std::string> const& patterns,
                                                std::string const& main_file, Place const& place,
                                                Report& report);

}  // namespace certpivot::settings
