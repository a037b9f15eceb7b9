#pragma once

#include <optional>
#include <string>

#include <toml++/toml.h>

#include "settings/report.hpp"

namespace certpivot::settings {

/// A configuration file larger than this is none.
inline constexpr std::size_t largest_file = std::size_t{1024} * 1024;

/// The whole text of a regular file; where it can't be had, one complaint about the file as a
/// whole.
[[nodiscard]] std::optional<std::string> load(std::string const& path, Report& report);

/// The text as TOML, or the one complaint with which the parser gave up. The only place that meets
/// toml++'s exceptions.
[[nodiscard]] std::optional<toml::table> parse(std::string const& text, std::string const& path,
                                               Report& report);

}  // namespace certpivot::settings
