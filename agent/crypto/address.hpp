#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace certpivot::crypto {

/// Where a server listens: at a port of a host, or at a socket in the file system.
struct Address {
  std::string host = {};
  std::string port = {};
  std::string path = {};  ///< of the socket; empty for host and port
  /// As parse_address() takes it.
  [[nodiscard]] std::string text() const;
  bool operator==(Address const&) const = default;
};

/// "host:port", "[v6]:port" or "unix:/path"; see settings::address() for what is wrong with others.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);

}  // namespace certpivot::crypto
