#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "settings/complaint.hpp"
#include "settings/settings.hpp"

namespace certpivot::settings {

class Report;

/// Settings, or every complaint about them, never both and never only the first.
template <class T>
using Checked = tl::expected<T, std::vector<Complaint>>;

/// Reads a configuration file and those it includes (`agent.include`, patterns relative to the
/// file, in sorted order; they may hold only [[certificate]] and [[alert]] tables, and include
/// nothing).
///
/// Checked: unknown keys with the nearest known one, types, ranges, required keys, duplicate names,
/// duplicate publish directories, and paths that can't work (relative where they must be absolute,
/// a file where a directory is meant). A key of the contract whose function this build lacks is a
/// complaint "… is not supported by this build", unless its value asks for nothing (`revocation =
/// "off"`, `listen = ""`). Nothing but the files themselves is read, and other paths are looked at
/// (stat(2), so that a dead mount can keep the caller waiting); nothing is created.
[[nodiscard]] Checked<Settings> read(std::string const& path);

/// The same from text, for tests and tools; `path` is used in complaints and to resolve includes.
[[nodiscard]] Checked<Settings> read_text(std::string const& text, std::string const& path);

/// The same, with the complaints and the keys that were asked for in `report`. The settings are of
/// use only where nothing was complained of.
[[nodiscard]] Settings read_text(std::string const& text, std::string const& path, Report& report);

}  // namespace certpivot::settings
