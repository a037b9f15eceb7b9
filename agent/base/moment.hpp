#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"

namespace certpivot {

/// RFC 3339: "2026-11-20T20:31:00Z", "2026-11-20T22:31:00.5+02:00". No leap seconds.
[[nodiscard]] std::optional<WallTime> parse_rfc3339(std::string_view text);
/// The same, or a duration from `now` with its sign: "+30d", "-12h".
[[nodiscard]] std::optional<WallTime> parse_moment(std::string_view text, WallTime now);

}  // namespace certpivot
