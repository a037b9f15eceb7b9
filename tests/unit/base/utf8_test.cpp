#include "base/utf8.hpp"

#include <doctest/doctest.h>

using namespace certpivot;

TEST_CASE("well-formed UTF-8 of every length stays as it is") {
  std::string const text(
      "a\0\x7F \xC2\x80 \xDF\xBF \xE0\xA0\x80 \xED\x9F\xBF \xEE\x80\x80 "
      "\xF0\x90\x80\x80 \xF4\x8F\xBF\xBF",
      31);
  CHECK(valid_utf8(text) == text);
  CHECK(valid_utf8("") == "");
}

TEST_CASE("each byte that is no part of UTF-8 becomes one replacement character") {
  std::string const mark = "\xEF\xBF\xBD";
  CHECK(valid_utf8("a\xFFz") == "a" + mark + "z");
  CHECK(valid_utf8("\x80") == mark);
  CHECK(valid_utf8("\xC3") == mark);                                   // cut off
  CHECK(valid_utf8("\xE2\x82") == mark + mark);                        // cut off
  CHECK(valid_utf8("\xE2\x82z") == mark + mark + "z");                 // cut off
  CHECK(valid_utf8("\xC0\xAF") == mark + mark);                        // overlong
  CHECK(valid_utf8("\xE0\x9F\xBF") == mark + mark + mark);             // overlong
  CHECK(valid_utf8("\xF0\x8F\xBF\xBF") == mark + mark + mark + mark);  // overlong
  CHECK(valid_utf8("\xED\xA0\x80") == mark + mark + mark);             // a surrogate
  CHECK(valid_utf8("\xF4\x90\x80\x80") == mark + mark + mark + mark);  // above U+10FFFF
  CHECK(valid_utf8("\xF1\x80\x80") == mark + mark + mark);             // cut off
}
