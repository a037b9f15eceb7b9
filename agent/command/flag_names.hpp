#pragma once

#include <string>

#include "command/check_report.hpp"

namespace certpivot::command {

/// The sentence with the flag of `check` in place of each key of the configuration: "trust its CA
/// by
/// --anchors". Keys that have no flag stay.
[[nodiscard]] std::string with_flags(std::string const& sentence);

/// The same for all sentences of a report on what is judged without a configuration.
void name_flags(CheckReport& report);

}  // namespace certpivot::command
