#pragma once

#include "base/clock.hpp"

namespace certpivot {

/// flock(2) with LOCK_EX on an open file, tried again until `patience` is over. 0, or the errno:
/// EWOULDBLOCK where somebody else holds it all the time. Blocks.
[[nodiscard]] int lock_within(int fd, Duration patience);

}  // namespace certpivot
