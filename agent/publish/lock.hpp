#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace certpivot::publish {

/// flock(2) on the publish directory, which is made where it is missing, held as long as the
/// descriptor: for runs without a state directory, whose lock would keep them apart. Waits for
/// another such run until `patience` is over. On a file system that has no locks for directories
/// nothing is held. Blocks.
[[nodiscard]] Result<UniqueFd> lock_directory(std::string const& path, Duration patience);

}  // namespace certpivot::publish
