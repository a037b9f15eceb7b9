#include "crypto/address.hpp"

namespace certpivot::crypto {
namespace {

constexpr std::string_view socket_mark = "unix:";

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  if (text.starts_with(socket_mark)) {
    std::string_view const path = text.substr(socket_mark.size());
    if (!path.starts_with('/')) return std::nullopt;
    return Address{.path = std::string(path)};
  }
  auto const colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size())
    return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return Address{.host = std::string(host), .port = std::string(text.substr(colon + 1))};
}

std::string Address::text() const {
  if (!path.empty()) return std::string(socket_mark) + path;
  bool const v6 = host.find(':') != std::string::npos;
  return (v6 ? '[' + host + ']' : host) + ':' + port;
}

}  // namespace certpivot::crypto
