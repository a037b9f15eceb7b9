#include "base/words.hpp"

#include <doctest/doctest.h>

using namespace certpivot;

TEST_CASE("words are joined by commas") {
  CHECK(joined({}).empty());
  CHECK(joined({"a"}) == "a");
  CHECK(joined({"a", "b c", "d"}) == "a, b c, d");
}

TEST_CASE("of many words the first are joined, each once, and the others counted") {
  CHECK(joined({}, 2).empty());
  CHECK(joined({"a", "a", "b", "a"}, 2) == "a, b");
  CHECK(joined({"a", "b", "c", "b", "d", "d"}, 2) == "a, b and 2 more");
  CHECK(joined({"a", "b", "c"}, 3) == "a, b, c");
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
