#pragma once

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
/// Absolute, and nothing but a file where something is there.
[[nodiscard]] std::string absolute_file(std::string const& text);
/// The same, or "pid:1" for the process that a container was started with, which has no such file.
[[nodiscard]] std::string pid_file(std::string const& text);
/// Absolute, and nothing but a directory where something is there.
[[nodiscard]] std::string absolute_directory(std::string const& text);
/// An absolute file, "system", or empty for the default.
[[nodiscard]] std::string anchors(std::string const& text);
/// host:port or [v6]:port; a path of a socket (unix:) is told apart by is_unix_address().
[[nodiscard]] std::string address(std::string const& text);
[[nodiscard]] bool is_unix_address(std::string_view text);
[[nodiscard]] bool is_absolute(std::string_view path);

/// A word of settings::strict_checks.
[[nodiscard]] std::string strict_check(std::string const& text);
/// Whether a certificate could be critical before it is worth a warning.
[[nodiscard]] bool is_out_of_order(Expiry const& expiry);

/// What min_rsa_bits and min_ec_bits may be.
struct BitRange {
  unsigned least = 0;
  unsigned most = 0;
};
inline constexpr BitRange rsa_bits{512, 16384};
inline constexpr BitRange ec_bits{112, 571};

/// What ocsp_timeout may be.
inline constexpr Duration shortest_ocsp_timeout = std::chrono::milliseconds(100);
inline constexpr Duration longest_ocsp_timeout = std::chrono::minutes(5);

/// Modes of published files; `wrong_key_mode` keeps private keys from everybody.
[[nodiscard]] std::string wrong_certificate_mode(Mode mode);
[[nodiscard]] std::string wrong_key_mode(Mode mode);

/// "HUP" for "HUP", "SIGHUP" or "hup", "10" for "10" (1 to 64); nothing for what is no signal.
[[nodiscard]] std::optional<std::string> signal_name(std::string_view text);

/// Why `publish` cannot hold generations beside `source`, as the end of a sentence; empty where it
/// can.
[[nodiscard]] std::string publish_conflict(std::string const& publish, Source const& source);

}  // namespace certpivot::settings
