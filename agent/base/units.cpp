#include "base/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <sys/stat.h>

namespace certpivot {

namespace {

struct Unit {
  std::string_view suffix;
  std::int64_t milliseconds;
};
// "ms" stands before "m" and "s", which it ends with or contains.
constexpr std::array<Unit, 5> units{
    {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};

// A thousand years: longer durations are typing errors, and would overflow sums of times.
constexpr std::int64_t longest = 1'000LL * 366 * 86'400'000;

std::string calendar(WallTime time) {
  auto const seconds = std::chrono::floor<std::chrono::seconds>(time);
  std::time_t const value = seconds.time_since_epoch().count();
  std::tm parts{};
  ::gmtime_r(&value, &parts);
  std::array<char, 32> text{};
  (void)std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  return text.data();
}

}  // namespace

Duration Threshold::of(Duration lifetime) const {
  std::optional<Duration> least = duration;
  if (share) {
    auto const part = Duration(
        static_cast<Duration::rep>(static_cast<double>(lifetime.count()) * share->percent / 100.0));
    least = least ? std::min(*least, part) : part;
  }
  return least.value_or(Duration::zero());
}

std::optional<Duration> parse_duration(std::string_view text) {
  std::int64_t number = 0;
  auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return std::nullopt;
  std::string_view const suffix(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  for (Unit const& unit : units) {
    if (suffix != unit.suffix) continue;
    if (number > longest / unit.milliseconds) return std::nullopt;
    return Duration(number * unit.milliseconds);
  }
  return std::nullopt;
}

std::optional<Share> parse_share(std::string_view text) {
  if (!text.ends_with('%')) return std::nullopt;
  text.remove_suffix(1);
  double percent = 0;
  auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), percent);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(percent) || percent < 0 || percent > 100) return std::nullopt;
  return Share{percent};
}

std::optional<Threshold> parse_threshold(std::string_view text) {
  Threshold all;
  for (bool more = true; more;) {
    auto const comma = text.find(',');
    more = comma != std::string_view::npos;
    auto const part = text.substr(0, comma);
    auto const duration = parse_duration(part);
    auto const share = parse_share(part);
    bool const second = (duration && all.duration) || (share && all.share);
    if ((!duration && !share) || second) return std::nullopt;
    if (duration) all.duration = duration;
    if (share) all.share = share;
    if (more) text.remove_prefix(comma + 1);
  }
  return all;
}

std::optional<Mode> parse_mode(std::string_view text) {
  unsigned bits = 0;
  auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), bits, 8);
  if (error != std::errc() || rest != text.data() + text.size() || text.size() < 3)
    return std::nullopt;
  if (bits > 07777) return std::nullopt;
  return Mode{static_cast<::mode_t>(bits)};
}

std::string to_text(Duration duration) {
  auto const ms = duration.count();
  if (ms < 0) return "-" + to_text(-duration);
  if (ms < 1'000) return std::to_string(ms) + "ms";
  if (ms < 60'000) {
    std::array<char, 32> text{};
    (void)std::snprintf(text.data(), text.size(), "%.3g", static_cast<double>(ms) / 1000.0);
    return std::string(text.data()) + "s";
  }
  struct Pair {
    std::int64_t large, small;
    char const *large_name, *small_name;
  };
  constexpr std::array<Pair, 3> pairs{{{86'400'000, 3'600'000, "d", "h"},
                                       {3'600'000, 60'000, "h", "m"},
                                       {60'000, 1'000, "m", "s"}}};
  for (Pair const& pair : pairs) {
    if (ms < pair.large) continue;
    std::string text = std::to_string(ms / pair.large) + pair.large_name;
    if (auto const rest = ms % pair.large / pair.small; rest != 0)
      text += " " + std::to_string(rest) + pair.small_name;
    return text;
  }
  return std::to_string(ms) + "ms";
}

std::string to_rfc3339(WallTime time) {
  auto const ms = (time - std::chrono::floor<std::chrono::seconds>(time)).count();
  std::array<char, 8> fraction{};
  (void)std::snprintf(fraction.data(), fraction.size(), ".%03dZ", static_cast<int>(ms));
  return calendar(time) + fraction.data();
}

std::string to_rfc3339_seconds(WallTime time) { return calendar(time) + "Z"; }

std::string to_text(Mode mode) {
  std::array<char, 8> text{};
  (void)std::snprintf(text.data(), text.size(), "%04o", mode.bits);
  return text.data();
}

}  // namespace certpivot
