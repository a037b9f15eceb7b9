#include "base/units.hpp"

#include <ostream>

#include <doctest/doctest.h>

using namespace certpivot;
using namespace std::chrono_literals;

TEST_CASE("durations are a whole number with a unit") {
  CHECK(parse_duration("500ms") == 500ms);
  CHECK(parse_duration("10s") == 10s);
  CHECK(parse_duration("5m") == 5min);
  CHECK(parse_duration("12h") == 12h);
  CHECK(parse_duration("30d") == 24h * 30);
  CHECK(parse_duration("0s") == 0ms);
}

TEST_CASE("what is no duration is refused") {
  for (char const* text : {"", "5", "s", "-1s", "1.5s", "5 s", "5S", "5sec", "+5s", " 5s", "5s ",
                           "99999999999999999999s", "9223372036854775807d", "400000d"})
    CHECK_MESSAGE(parse_duration(text) == std::nullopt, text);
  CHECK(parse_duration("366000d").has_value());
}

TEST_CASE("a share is a percentage from 0 to 100") {
  CHECK(parse_share("10%") == Share{10});
  CHECK(parse_share("12.5%") == Share{12.5});
  CHECK(parse_share("0%") == Share{0});
  CHECK(parse_share("100%") == Share{100});
  for (char const* text : {"", "%", "10", "-1%", "100.1%", "nan%", "inf%", "1%%", "1 %", "x%"})
    CHECK_MESSAGE(parse_share(text) == std::nullopt, text);
}

TEST_CASE("a mode is an octal string of permission bits") {
  CHECK(parse_mode("0640") == Mode{0640});
  CHECK(parse_mode("640") == Mode{0640});
  CHECK(parse_mode("07777") == Mode{07777});
  for (char const* text : {"", "64", "0648", "010000", "rw-r-----", "-640", "0x1A4"})
    CHECK_MESSAGE(parse_mode(text) == std::nullopt, text);
}

TEST_CASE("of a duration and a share the shorter one counts") {
  CHECK(Threshold{24h * 30, Share{33}}.of(24h * 365) == 24h * 30);
  CHECK(Threshold{24h * 30, Share{50}}.of(6h) == 3h);
  CHECK(Threshold{{}, Share{10}}.of(10h) == 1h);
  CHECK(Threshold{5h, {}}.of(1h) == 5h);
  CHECK(Threshold{}.of(1h) == 0ms);
}

TEST_CASE("a threshold is a duration, a share, or both") {
  CHECK(parse_threshold("30d") == Threshold{24h * 30, {}});
  CHECK(parse_threshold("33%") == Threshold{{}, Share{33}});
  CHECK(parse_threshold("30d,33%") == Threshold{24h * 30, Share{33}});
  CHECK(parse_threshold("33%,30d") == Threshold{24h * 30, Share{33}});
  for (char const* text : {"", ",", "30d,", ",33%", "30d,7d", "3%,4%", "30d,33%,1d", "30d 33%"})
    CHECK_MESSAGE(parse_threshold(text) == std::nullopt, text);
}

TEST_CASE("durations for people have at most two parts") {
  CHECK(to_text(Duration(8)) == "8ms");
  CHECK(to_text(Duration(12'300)) == "12.3s");
  CHECK(to_text(Duration(2h + 5min)) == "2h 5m");
  CHECK(to_text(Duration(24h * 6 + 4h + 59min)) == "6d 4h");
  CHECK(to_text(Duration(24h)) == "1d");
  CHECK(to_text(Duration(-90s)) == "-1m 30s");
  CHECK(to_text(Duration(59'999)) == "60s");
}

TEST_CASE("times are RFC 3339 in UTC") {
  WallTime const time{std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) + 20h + 31min +
                      123ms};
  CHECK(to_rfc3339(time) == "2026-11-20T20:31:00.123Z");
  CHECK(to_rfc3339_seconds(time) == "2026-11-20T20:31:00Z");
  CHECK(to_rfc3339(WallTime(-1ms)) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("a mode for people is octal with a leading zero") {
  CHECK(to_text(Mode{0640}) == "0640");
  CHECK(to_text(Mode{0}) == "0000");
  CHECK(to_text(Mode{04755}) == "4755");
}
