#pragma once

#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace certpivot::plugins {

/// The first line of the file, without its end: what requests are signed with. Errors: unreadable,
/// no regular file, more than 4 KiB, empty, or a mode that lets others than owner and group in.
/// Blocks.
[[nodiscard]] Result<Secret> read_hmac_key(std::string const& path);

}  // namespace certpivot::plugins
