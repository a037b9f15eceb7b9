#pragma once

#include <string>

namespace certpivot::source {

/// What stat(2) tells one version of a file by; empty where the file is not there. Blocks.
[[nodiscard]] std::string version_of(std::string const& path);

}  // namespace certpivot::source
