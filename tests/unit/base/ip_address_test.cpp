#include "base/ip_address.hpp"

#include <doctest/doctest.h>

using certpivot::is_ip_address;

TEST_CASE("an address is one of IPv4 in four numbers, or of IPv6 in any spelling") {
  for (char const* const text :
       {"10.0.0.7", "0.0.0.0", "::", "::1", "2001:DB8:0:0::7", "::ffff:10.0.0.7"})
    CHECK_MESSAGE(is_ip_address(text), text);
  for (char const* const text : {"", "10.0.0", "10.0.0.300", "10.0.0.7.", "010.0.0.7x", "[::1]",
                                 "fe80::1%eth0", "2001:db8::g", "web.internal"})
    CHECK_FALSE_MESSAGE(is_ip_address(text), text);
}
