#include "plugins/haproxy/commands.hpp"

#include <doctest/doctest.h>

using namespace certpivot::plugins;

TEST_CASE("a replacement is set with both texts and without empty lines, and commit behind them") {
  CHECK(replacement("/p", "a\n\nb\n", "\n \t\r\nc\n").view() ==
        "set ssl cert /p <<\na\nb\nc\n\ncommit ssl cert /p\n");
}

TEST_CASE("lines of a replacement have one end each, whether they had one, CRLF or none") {
  CHECK(replacement("/p", "a\r\nb", "c").view() ==
        "set ssl cert /p <<\na\nb\nc\n\ncommit ssl cert /p\n");
  CHECK(replacement("/p", "", "").view() == "set ssl cert /p <<\n\ncommit ssl cert /p\n");
}

TEST_CASE("a name is one word where haproxy would not split or change it") {
  for (auto const* name : {"/run/certs/web/tls.crt", "relative", "@store/web", "/ä"})
    CHECK(is_one_word(name));
  for (auto const* name : {"", "/a b", "/a;b", "/a\\b", "/a\nb", "/a'b", "/a\"b", "/a\tb", "/a#b"})
    CHECK_FALSE(is_one_word(name));
}
