#pragma once

#include <string>

#include "base/result.hpp"

namespace certpivot::hook {

/// Whether nobody but root and the daemon's own user could have put the executable there: it, and
/// each directory and link that leads to it, belongs to one of the two and is not writable by
/// others. A directory with the sticky bit, such as /tmp, lets others add files but not exchange
/// ours. Blocks. Errors: it is missing or cannot be run, or which of them is wrong, with the
/// command that mends it.
[[nodiscard]] Result<void> check_trusted_program(std::string const& path);

}  // namespace certpivot::hook
