#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "base/clock.hpp"

namespace certpivot {

/// Permission bits as chmod(2) takes them; written "0640" in the configuration.
struct Mode {
  ::mode_t bits = 0;
  auto operator<=>(Mode const&) const = default;
};

/// A part of a certificate's whole lifetime, in percent: "10%".
struct Share {
  double percent = 0;
  auto operator<=>(Share const&) const = default;
};

/// A least remaining validity: a duration, a share of the lifetime, or both, and then the shorter
/// of the two counts (right for a year, 47 days and 6 hours alike).
struct Threshold {
  std::optional<Duration> duration = {};
  std::optional<Share> share = {};
  auto operator<=>(Threshold const&) const = default;

  /// The threshold as a duration for a certificate of this whole lifetime; zero where none is
  /// given.
  [[nodiscard]] Duration of(Duration lifetime) const;
};

/// "500ms" "10s" "5m" "12h" "30d"; nothing where the text is none of these or too large.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);
/// "10%" or "12.5%", from 0 to 100.
[[nodiscard]] std::optional<Share> parse_share(std::string_view text);
/// An octal string: "0640".
[[nodiscard]] std::optional<Mode> parse_mode(std::string_view text);

/// At most one duration and one share, separated by a comma: "30d", "33%", "30d,33%".
[[nodiscard]] std::optional<Threshold> parse_threshold(std::string_view text);

/// For people: "6d 4h", "2h 5m", "12.3s", "8ms".
[[nodiscard]] std::string to_text(Duration duration);
/// RFC 3339, UTC, with milliseconds: "2026-11-20T20:31:00.123Z".
[[nodiscard]] std::string to_rfc3339(WallTime time);
/// The same without the milliseconds, for certificates' times, which have none.
[[nodiscard]] std::string to_rfc3339_seconds(WallTime time);
/// "0640".
[[nodiscard]] std::string to_text(Mode mode);

}  // namespace certpivot
