#include "base/words.hpp"

#include <doctest/doctest.h>

using namespace certpivot;

TEST_CASE("words are joined by commas") {
  CHECK(joined({}).empty());
  CHECK(joined({"a"}) == "a");
  CHECK(joined({"a", "b c", "d"}) == "a, b c, d");
}

TEST_CASE("the first line of a text ends before its line feed, or with the text") {
  CHECK(first_line("").empty());
  CHECK(first_line("\nsecond").empty());
  CHECK(first_line("one") == "one");
  CHECK(first_line("one\n") == "one");
  CHECK(first_line("one\r\ntwo\n") == "one\r");
}
