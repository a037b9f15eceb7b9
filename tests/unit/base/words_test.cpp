#include "base/words.hpp"

#include <doctest/doctest.h>

using namespace certpivot;

TEST_CASE("words are joined by commas") {
  CHECK(joined({}).empty());
  CHECK(joined({"a"}) == "a");
  CHECK(joined({"a", "b c", "d"}) == "a, b c, d");
}

TEST_CASE("the first line of a text ends before its LF or CRLF, or with the text") {
  CHECK(first_line("").empty());
  CHECK(first_line("\nsecond").empty());
  CHECK(first_line("one") == "one");
  CHECK(first_line("one\n") == "one");
  CHECK(first_line("one\r\ntwo\n") == "one");
  CHECK(first_line("one\r\r\n") == "one\r");
  CHECK(first_line("one\r") == "one\r");
  CHECK(first_line("\r\n").empty());
}
