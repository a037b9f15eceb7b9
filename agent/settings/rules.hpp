#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "settings/settings.hpp"

/// What a value must be beyond its type, for the file's keys and for flags alike. Each rule answers
/// with the end of a sentence that starts with the key or the flag ("must be an absolute path, not
/// \"certs\""), or with nothing where all is well. They look at the file system, but never fail
/// where a path is missing: it may come later.
namespace certpivot::settings {

[[nodiscard]] std::string not_empty(std::string const& text);
/// What a certificate's subjectAltName can hold, as it holds it: a DNS name in A-labels (RFC 5890),
/// a wildcard, an IP address, a SPIFFE ID or another URI.
[[nodiscard]] std::string alternative_name(std::string const& text);
/// What a client asks a server for: a DNS name, or an IP address, which no client sends (RFC 6066
/// section 3), but verifies.
[[nodiscard]] std::string server_name(std::string const& text);
/// 1 to 64 of A-Z a-z 0-9 . _ -, not beginning with a dot: it becomes part of paths and of metrics.
[[nodiscard]] std::string certificate_name(std::string const& text);
/// A file's name, relative or absolute.
[[nodiscard]] std::string file_name(std::string const& text);
/// The name of a file in a generation: letters, digits, '.', '_' and '-', not beginning with a dot,
/// and none that certpivot gives itself.
[[nodiscard]] std::string published_name(std::string const& text);
/// The same, or empty for none.
[[nodiscard]] std::string optional_published_name(std::string const& text);
/// Begins with http:// and a host.
[[nodiscard]] std::string http_url(std::string const& text);
/// For a hook: what parse_http_url() takes, a socket's path no longer than one can be.
[[nodiscard]] std::string hook_url(std::string const& text);
/// "nginx.service": what systemd takes as the name of a unit (systemd.unit(5)), its suffix
/// included.
[[nodiscard]] std::string unit_name(std::string const& text);
/// Absolute, whatever is there: a socket, a file, a directory.
[[nodiscard]] std::string absolute_path(std::string const& text);
/// Absolute, and nothing but a file where something is there.
[[nodiscard]] std::string absolute_file(std::string const& text);
/// The same, or "pid:1" for the process that a container was started with, which has no such file.
[[nodiscard]] std::string pid_file(std::string const& text);
/// Absolute, and nothing but a directory where something is there.
[[nodiscard]] std::string absolute_directory(std::string const& text);
/// An absolute file, "system", or empty for the default.
[[nodiscard]] std::string anchors(std::string const& text);
/// host:port, [v6]:port, or unix: and the absolute path of a socket, as long as one can be.
[[nodiscard]] std::string address(std::string const& text);
[[nodiscard]] bool is_absolute(std::string_view path);

/// A word of settings::strict_checks.
[[nodiscard]] std::string strict_check(std::string const& text);
/// Whether a certificate could be critical before it is worth a warning.
[[nodiscard]] bool is_out_of_order(Expiry const& expiry);

/// The least and the most that a value may be.
template <class Value>
struct Range {
  Value least = {};
  Value most = {};
};
/// Of min_rsa_bits, min_ec_bits, max_lifetime, skew and ocsp_timeout.
inline constexpr Range<unsigned> rsa_bits{512, 16384};
inline constexpr Range<unsigned> ec_bits{112, 571};
inline constexpr Range<Duration> lifetimes{Duration::zero(), std::chrono::hours(24 * 366 * 100)};
inline constexpr Range<Duration> skews{Duration::zero(), std::chrono::hours(24 * 30)};
inline constexpr Range<Duration> ocsp_timeouts{std::chrono::milliseconds(100),
                                               std::chrono::minutes(5)};
[[nodiscard]] std::string wrong_count(std::int64_t value, Range<unsigned> range);
/// `text` is how the value was written.
[[nodiscard]] std::string wrong_duration(Duration value, Range<Duration> range,
                                         std::string const& text);

/// Modes of published files; `wrong_key_mode` keeps private keys from everybody.
[[nodiscard]] std::string wrong_certificate_mode(Mode mode);
[[nodiscard]] std::string wrong_key_mode(Mode mode);

/// "HUP" for "HUP", "SIGHUP" or "hup", "10" for "10" (1 to 64); nothing for what is no signal.
[[nodiscard]] std::optional<std::string> signal_name(std::string_view text);

}  // namespace certpivot::settings
