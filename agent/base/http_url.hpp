#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace certpivot {

/// Where an HTTP request goes (RFC 9110 section 4.2), at a port or at a socket in the file system.
struct HttpUrl {
  bool tls = false;
  std::string host = {};  ///< an IPv6 address without its brackets; empty for a socket
  std::string port = {};
  std::string socket = {};  ///< its path; empty for host and port
  std::string target = {};  ///< path and query, as the request line has them

  /// What the Host field says: without the port that goes without saying.
  [[nodiscard]] std::string authority() const;
  /// For people: without the query, which may hold a token.
  [[nodiscard]] std::string text() const;
  bool operator==(HttpUrl const&) const = default;
};

/// "http://host[:port][/path][?query]", the same with https, "[v6]" as host, or
/// "http://unix:/path/of.sock[:/path][?query]" as nginx writes it. Nothing for all others; no user
/// information, which RFC 9110 section 4.2.4 takes away, and no fragment, which no server gets.
[[nodiscard]] std::optional<HttpUrl> parse_http_url(std::string_view text);

}  // namespace certpivot
