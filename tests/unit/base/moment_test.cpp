#include "base/moment.hpp"

#include <ostream>

#include <doctest/doctest.h>

using namespace certpivot;
using namespace std::chrono_literals;

TEST_CASE("RFC 3339 is read in every form that it allows") {
  WallTime const time{std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) + 20h + 31min};
  CHECK(parse_rfc3339("2026-11-20T20:31:00Z") == time);
  CHECK(parse_rfc3339("2026-11-20t20:31:00z") == time);
  CHECK(parse_rfc3339("2026-11-20T20:31:00.5Z") == time + 500ms);
  CHECK(parse_rfc3339("2026-11-20T20:31:00.123999Z") == time + 123ms);
  CHECK(parse_rfc3339("2026-11-20T22:31:00+02:00") == time);
  CHECK(parse_rfc3339("2026-11-20T15:01:00-05:30") == time);
  CHECK(parse_rfc3339("2024-02-29T00:00:00Z").has_value());
  for (char const* text :
       {"", "2026-11-20", "2026-11-20T20:31:00", "2026-11-20 20:31:00Z", "2026-11-20T20:31Z",
        "2026-11-20T24:00:00Z", "2026-11-20T20:60:00Z", "2026-11-20T20:31:60Z",
        "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-20T20:31:00.Z",
        "2026-11-20T20:31:00+0200", "2026-11-20T20:31:00+24:00", "2026-11-20T20:31:00ZZ",
        "2026-11-20T20:31:00Z01:00", "2026-11-20T20:31:00z00:00", "-026-11-20T20:31:00Z",
        "2026-11-20T20:31:-1Z", "26-11-20T20:31:00Z"})
    CHECK_MESSAGE(parse_rfc3339(text) == std::nullopt, text);
}

TEST_CASE("a moment is a time, or a duration from now with its sign") {
  WallTime const now{1000h};
  CHECK(parse_moment("+30d", now) == now + 24h * 30);
  CHECK(parse_moment("-12h", now) == now - 12h);
  CHECK(parse_moment("1970-01-01T00:00:00Z", now) == WallTime{});
  for (char const* text : {"", "30d", "+", "+30", "--1d", "+-1d", "tomorrow"})
    CHECK_MESSAGE(parse_moment(text, now) == std::nullopt, text);
}
