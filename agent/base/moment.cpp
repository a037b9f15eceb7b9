#include "base/moment.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "base/units.hpp"

namespace certpivot {

namespace {

// The digits of a time, taken from its front; `good` tells whether all that was asked for was
// there.
struct Digits {
  std::string_view rest = {};
  bool good = true;

  int number(std::size_t count) {
    int value = 0;
    auto const part = rest.substr(0, count);
    auto const [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    // from_chars takes a sign, too.
    good = good && part.size() == count && part.front() != '-' && error == std::errc() &&
           end == part.data() + part.size();
    rest.remove_prefix(part.size());
    return value;
  }
  void letter(std::string_view allowed) {
    good = good && !rest.empty() && allowed.find(rest.front()) != std::string_view::npos;
    if (!rest.empty()) rest.remove_prefix(1);
  }
};

// The part of a second behind the point, of which milliseconds count.
Duration take_fraction(Digits& digits) {
  if (!digits.rest.starts_with('.')) return Duration::zero();
  digits.rest.remove_prefix(1);
  auto const size = std::min(digits.rest.find_first_not_of("0123456789"), digits.rest.size());
  std::string const milliseconds = (std::string(digits.rest.substr(0, size)) + "00").substr(0, 3);
  digits.good = digits.good && size > 0;
  digits.rest.remove_prefix(size);
  Digits number{milliseconds};
  return Duration(number.number(3));
}

// How far the zone is ahead of UTC.
std::chrono::minutes take_zone(Digits& digits) {
  bool const behind = digits.rest.starts_with('-');
  if (digits.rest == "Z" || digits.rest == "z") {
    digits.rest = {};
    return std::chrono::minutes(0);
  }
  digits.letter("+-");
  std::chrono::hours const hours(digits.number(2));
  digits.letter(":");
  std::chrono::minutes const minutes(digits.number(2));
  digits.good = digits.good && hours.count() < 24 && minutes.count() < 60;
  return behind ? -(hours + minutes) : hours + minutes;
}

}  // namespace

std::optional<WallTime> parse_rfc3339(std::string_view text) {
  Digits digits{text};
  std::chrono::year const year(digits.number(4));
  digits.letter("-");
  std::chrono::month const month(static_cast<unsigned>(digits.number(2)));
  digits.letter("-");
  std::chrono::day const day(static_cast<unsigned>(digits.number(2)));
  digits.letter("Tt");
  std::chrono::hours const hours(digits.number(2));
  digits.letter(":");
  std::chrono::minutes const minutes(digits.number(2));
  digits.letter(":");
  std::chrono::seconds const seconds(digits.number(2));
  auto const fraction = take_fraction(digits);
  auto const zone = take_zone(digits);
  std::chrono::year_month_day const date(year, month, day);
  bool const in_range = hours.count() < 24 && minutes.count() < 60 && seconds.count() < 60;
  if (!digits.good || !digits.rest.empty() || !date.ok() || !in_range) return std::nullopt;
  return WallTime(std::chrono::sys_days(date)) + hours + minutes + seconds + fraction - zone;
}

std::optional<WallTime> parse_moment(std::string_view text, WallTime now) {
  if (!text.starts_with('+') && !text.starts_with('-')) return parse_rfc3339(text);
  auto const duration = parse_duration(text.substr(1));
  if (!duration) return std::nullopt;
  return text.front() == '+' ? now + *duration : now - *duration;
}

}  // namespace certpivot
