#pragma once

#include <optional>
#include <string>
#include <string_view>

/// What nginx says about itself, read as text. Nothing here runs a program or opens a file.
namespace certpivot::plugins {

/// Where an nginx keeps the two files that a reload needs.
struct NginxPaths {
  std::string pidfile = {};
  std::string error_log = {};  ///< empty where errors go to standard error, syslog or memory
  bool operator==(NginxPaths const&) const = default;
};

/// `dump` is what `nginx -T` printed, `build` what `nginx -V` printed: the directives pid and
/// error_log of the main context, else what was built in (--pid-path, --error-log-path), relative
/// to --prefix. error_log counts in the first file of the dump only: an included file may belong to
/// any context, and the dump does not say to which.
[[nodiscard]] NginxPaths nginx_paths(std::string_view dump, std::string_view build);

/// The first argument of the first directive `name` in the main context of a dump.
[[nodiscard]] std::optional<std::string> main_directive(std::string_view dump,
                                                        std::string_view name);

/// The first line that holds `[emerg]`, from there to its end, printable; nothing where there is
/// none. `from` limits it to lines that go on with this text.
[[nodiscard]] std::optional<std::string> emergency_line(std::string_view text,
                                                        std::string_view from = {});

}  // namespace certpivot::plugins
