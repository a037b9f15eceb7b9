#pragma once

#include <optional>
#include <string>

namespace certpivot::probe {

struct Address {
  std::string host = {};
  std::string port = {};
};

/// "host:port" or "[v6]:port"; see settings::address() for what is wrong with others.
[[nodiscard]] std::optional<Address> parse_address(std::string const& text);

}  // namespace certpivot::probe
