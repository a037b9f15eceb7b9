#pragma once

#include <string>
#include <string_view>

namespace certpivot {
class Log;
}

namespace certpivot::hook {

/// What a program of a hook has printed, line by line, at level info; the log escapes what is in
/// the lines.
void log_lines(Log& log, std::string const& certificate, std::string const& hook,
               std::string_view output);

}  // namespace certpivot::hook
