#pragma once

#include <filesystem>
#include <string>

#include "settings/settings.hpp"

namespace certpivot::settings {

/// A path as it would be reached: links followed as far as they are there, no ".", ".." or end
/// slash. Two spellings of one directory (/var/run and /run) come out as one path.
[[nodiscard]] std::filesystem::path resolved(std::string const& path);
/// Whether `path` is `directory` or lies below it; both resolved.
[[nodiscard]] bool within(std::filesystem::path const& path,
                          std::filesystem::path const& directory);

/// Why `publish` cannot hold generations beside `source`, as the end of a sentence; empty where it
/// can.
[[nodiscard]] std::string publish_conflict(std::string const& publish, Source const& source);

}  // namespace certpivot::settings
