#pragma once

#include "base/clock.hpp"
#include "log/log.hpp"

namespace certpivot {

/// Everything of one log line but its escaping.
struct LogLine {
  LogLevel level = LogLevel::info;
  std::string_view subject = {};  ///< the certificate's name; empty for the process as a whole
  std::string_view sentence = {};
  LogFields const& fields;
  /// Nothing where journald keeps the time.
  WallTime const* time = nullptr;
};

/// "2026-11-20T20:31:00.123Z info    web: sentence key=value". One line whatever the parts hold:
/// control characters are written as \n, \t or \x1b, a backslash as \\, invalid UTF-8 as U+FFFD.
/// Values with spaces stand in quotes.
[[nodiscard]] std::string text_line(LogLine const& line);

/// {"time","level","certificate","message",fields…}; `certificate` and `time` only where there is
/// one.
[[nodiscard]] std::string json_line(LogLine const& line);

/// journald's prefix, sd-daemon(3): "<6>".
[[nodiscard]] std::string_view journal_prefix(LogLevel level);

}  // namespace certpivot
