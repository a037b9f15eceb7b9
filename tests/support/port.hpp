#pragma once

#include <string>

#include "base/unique_fd.hpp"

namespace certpivot::testing {

/// A TCP port on 127.0.0.1 that nobody listens on. The kernel gives it, and gives another one next
/// time, so that tests may run side by side.
[[nodiscard]] int free_port();

/// A socket that listens on a port of the kernel's choice at `address`, 127.0.0.1 or ::1, or in the
/// file system where that is a path.
struct Listener {
  UniqueFd socket = {};
  int port = 0;
};
[[nodiscard]] Listener listen_on(std::string const& address);

/// A connection to 127.0.0.1, invalid where nobody listens.
[[nodiscard]] UniqueFd connect_to(int port);

}  // namespace certpivot::testing
