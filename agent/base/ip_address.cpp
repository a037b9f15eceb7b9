#include "base/ip_address.hpp"

#include <arpa/inet.h>
#include <array>

namespace certpivot {

bool is_ip_address(std::string const& text) {
  std::array<unsigned char, sizeof(::in6_addr)> bytes{};
  return ::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

}  // namespace certpivot
