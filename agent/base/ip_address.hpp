#pragma once

#include <string>

namespace certpivot {

/// Whether it is an IPv4 or IPv6 address as inet_pton(3) reads it, rather than a host's name.
[[nodiscard]] bool is_ip_address(std::string const& text);

}  // namespace certpivot
