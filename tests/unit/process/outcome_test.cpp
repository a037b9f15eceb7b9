#include <doctest/doctest.h>

#include "process/child.hpp"

using namespace certpivot::process;

TEST_CASE("last words are the last lines that say something") {
  CHECK(last_words("") == "");
  CHECK(last_words("\n \n\r\n") == "");
  CHECK(last_words("one\ntwo\n\n") == "one | two");
  CHECK(last_words("  padded \r\nnext") == "padded | next");
}

TEST_CASE("last words escape what could forge a line or steer a terminal") {
  CHECK(last_words("a\x1b[31mred\x7f") == "a\\x1b[31mred\\x7f");
  CHECK(last_words(std::string_view("nul\0byte", 8)) == "nul\\x00byte");
}

TEST_CASE("last words keep to their limit and prefer the end") {
  CHECK(last_words("first\nsecond\nthird", 14) == "second | third");
  CHECK(last_words("first\nsecond\nthird", 13) == "third");
  CHECK(last_words("0123456789", 4) == "6789");
  CHECK(last_words("xx\xc3\xa4yy", 3) == "yy");
  CHECK(last_words(std::string(100000, 'x')).size() == 512);
}
