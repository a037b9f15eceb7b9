#include "crypto/address.hpp"

#include <array>

#include <doctest/doctest.h>

using namespace certpivot::crypto;

TEST_CASE("an address is a host and a port, or a path, and is written as it was read") {
  struct Row {
    std::string text;
    Address address;
  };
  for (Row const& row : {Row{"web.internal:443", {.host = "web.internal", .port = "443"}},
                         Row{"127.0.0.1:1", {.host = "127.0.0.1", .port = "1"}},
                         Row{"[::1]:443", {.host = "::1", .port = "443"}},
                         Row{"unix:/run/web.sock", {.path = "/run/web.sock"}},
                         Row{"unix:/run/a:1", {.path = "/run/a:1"}}}) {
    CAPTURE(row.text);
    CHECK(parse_address(row.text) == row.address);
    CHECK(row.address.text() == row.text);
  }
}

TEST_CASE("what has no port, no host or no absolute path is no address") {
  for (std::string const text : {"", "web", "web:", ":443", "unix:", "unix:web.sock"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_address(text));
  }
}
