#pragma once

#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace certpivot::publish {

/// The first line of the file, without its end; empty where `path` is. Never waits for
/// another program. Errors: no regular file, one larger than 4 KiB, a first line that is empty or
/// holds a zero byte.
[[nodiscard]] Result<Secret> read_passphrase(std::string const& path);

}  // namespace certpivot::publish
