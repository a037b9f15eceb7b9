#include "settings/rules.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <sys/stat.h>

#include "base/ascii.hpp"
#include "base/error.hpp"
#include "base/http_url.hpp"
#include "settings/complaint.hpp"
#include "settings/quote.hpp"

namespace certpivot::settings {

namespace {

constexpr std::size_t longest_name = 64;
constexpr int last_signal = 64;
constexpr std::string_view socket_mark = "unix:";
// unix(7): the terminating zero has its place, too.
constexpr std::size_t longest_socket_path = 107;

bool name_letter(char letter) {
  return is_letter(letter) || is_digit(letter) || letter == '.' || letter == '_' || letter == '-';
}

std::string socket_path(std::string const& path) {
  if (!is_absolute(path)) return "must have an absolute path after unix:, not " + in_quotes(path);
  if (path.size() <= longest_socket_path) return {};
  return "must have a path of at most " + std::to_string(longest_socket_path) +
         " bytes after unix:, as unix(7) has it";
}

enum class Kind { file, directory };

std::string absolute(std::string const& text, Kind wanted) {
  if (!is_absolute(text)) return "must be an absolute path, not " + in_quotes(text);
  struct ::stat facts {};
  if (::stat(text.c_str(), &facts) != 0) {
    // What is missing, or closed to us, may be there and open when it is needed.
    int const cause = errno;
    if (cause != ENOTDIR && cause != ELOOP && cause != ENAMETOOLONG) return {};
    return "can't be " + in_quotes(text) + ": " + system_text(cause);
  }
  if (wanted == Kind::directory && !S_ISDIR(facts.st_mode))
    return "must be a directory, but " + in_quotes(text) + " is a file";
  if (wanted == Kind::file && S_ISDIR(facts.st_mode))
    return "must be a file, but " + in_quotes(text) + " is a directory";
  return {};
}

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number number = 0;
  auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string wrong_mode(Mode mode) {
  if ((mode.bits & 07111U) != 0)
    return "must not have execute, setuid, setgid or sticky bits, as " + to_text(mode) + " has";
  if ((mode.bits & 0400U) == 0) return "must let the owner read, as " + to_text(mode) + " does not";
  return {};
}

}  // namespace

std::string not_empty(std::string const& text) { return text.empty() ? "must not be empty" : ""; }

std::string certificate_name(std::string const& text) {
  bool const good = !text.empty() && text.size() <= longest_name && text.front() != '.' &&
                    std::all_of(text.begin(), text.end(), name_letter);
  if (good) return {};
  return "must be 1 to 64 letters, digits, '.', '_' or '-', and not begin with '.', not " +
         in_quotes(text);
}

std::string file_name(std::string const& text) {
  if (text.empty()) return not_empty(text);
  return text.back() == '/' ? "must name a file, not the directory " + in_quotes(text) : "";
}

std::string published_name(std::string const& text) {
  constexpr std::array ours{"tls.crt", "tls.key", "ca.crt", "ca.crl", "current", "generations"};
  if (std::find(ours.begin(), ours.end(), text) != ours.end())
    return "must not be " + in_quotes(text) + ", which certpivot makes itself";
  return certificate_name(text);
}

std::string optional_published_name(std::string const& text) {
  return text.empty() ? std::string() : published_name(text);
}

std::string http_url(std::string const& text) {
  constexpr std::string_view scheme = "http://";
  if (text.empty() || (text.starts_with(scheme) && text.size() > scheme.size())) return {};
  return "must be a URL with http://, not " + in_quotes(text);
}

std::string hook_url(std::string const& text) {
  auto const url = parse_http_url(text);
  if (url && url->socket.size() <= longest_socket_path) return {};
  return "must be a URL with http:// or https://, or http://unix:/path/of.sock:/request, not " +
         in_quotes(text);
}

std::string unit_name(std::string const& text) {
  constexpr std::size_t longest_unit = 255;
  constexpr std::string_view others = ":-_.\\@";
  bool const good = !text.empty() && text.size() <= longest_unit &&
                    text.find('.') != std::string::npos &&
                    std::all_of(text.begin(), text.end(), [&](char letter) {
                      return name_letter(letter) || others.find(letter) != std::string_view::npos;
                    });
  return good ? ""
              : "must be a unit's whole name, such as \"nginx.service\", not " + in_quotes(text);
}

std::string absolute_path(std::string const& text) {
  if (text.empty()) return not_empty(text);
  return is_absolute(text) ? "" : "must be an absolute path, not " + in_quotes(text);
}

std::string absolute_file(std::string const& text) {
  if (auto wrong = file_name(text); !wrong.empty()) return wrong;
  return absolute(text, Kind::file);
}

std::string pid_file(std::string const& text) {
  return text == "pid:1" ? std::string() : absolute_file(text);
}

std::string absolute_directory(std::string const& text) { return absolute(text, Kind::directory); }

std::string anchors(std::string const& text) {
  if (text.empty() || text == "system") return {};
  if (!is_absolute(text)) return "must be \"system\" or an absolute path, not " + in_quotes(text);
  return absolute_file(text);
}

std::string strict_check(std::string const& text) {
  std::vector<std::string_view> const known(strict_checks.begin(), strict_checks.end());
  if (std::find(known.begin(), known.end(), text) != known.end()) return {};
  return "is no check that could be relaxed: " + in_quotes(text) + did_you_mean_or_all(text, known);
}

std::string wrong_count(std::int64_t value, Range<unsigned> range) {
  if (value >= std::int64_t{range.least} && value <= std::int64_t{range.most}) return {};
  return "must be from " + std::to_string(range.least) + " to " + std::to_string(range.most) +
         ", not " + std::to_string(value);
}

std::string wrong_duration(Duration value, Range<Duration> range, std::string const& text) {
  if (value >= range.least && value <= range.most) return {};
  return "must be from " + to_text(range.least) + " to " + to_text(range.most) + ", not " +
         in_quotes(text);
}

bool is_out_of_order(Expiry const& expiry) {
  auto const& [warning, critical] = expiry;
  bool const longer =
      warning.duration && critical.duration && *critical.duration > *warning.duration;
  bool const larger =
      warning.share && critical.share && critical.share->percent > warning.share->percent;
  return longer || larger;
}

bool is_absolute(std::string_view path) { return path.starts_with('/'); }

std::string address(std::string const& text) {
  if (text.starts_with(socket_mark)) return socket_path(text.substr(socket_mark.size()));
  std::string wrong =
      "must be host:port, [IPv6 address]:port or unix:/path, not " + in_quotes(text);
  auto const colon = text.rfind(':');
  if (colon == std::string::npos) return wrong;
  auto const port = whole_number<unsigned>(std::string_view(text).substr(colon + 1));
  if (!port || *port == 0 || *port > 65535) return wrong + ": the port must be from 1 to 65535";
  std::string_view host = std::string_view(text).substr(0, colon);
  bool const bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  bool const has_colon = host.find(':') != std::string_view::npos;
  if (host.empty() || bracketed != has_colon) return wrong;
  return host.find_first_of(" \t\r\n/[]@") == std::string_view::npos ? "" : wrong;
}

std::string wrong_certificate_mode(Mode mode) {
  if (auto wrong = wrong_mode(mode); !wrong.empty()) return wrong;
  return (mode.bits & 02U) == 0 ? ""
                                : "must not let everybody write, as " + to_text(mode) + " does";
}

std::string wrong_key_mode(Mode mode) {
  if (auto wrong = wrong_mode(mode); !wrong.empty()) return wrong;
  if ((mode.bits & 07U) == 0) return {};
  return "must keep a private key from others, but " + to_text(mode) + " does not; \"0640\" does";
}

std::optional<std::string> signal_name(std::string_view text) {
  if (auto const number = whole_number<int>(text))
    return *number >= 1 && *number <= last_signal ? std::optional(std::to_string(*number))
                                                  : std::nullopt;
  std::string name(text);
  std::transform(name.begin(), name.end(), name.begin(), [](char letter) {
    return is_small_letter(letter) ? static_cast<char>(letter - 'a' + 'A') : letter;
  });
  if (name.starts_with("SIG")) name.erase(0, 3);
  for (int number = 1; number <= last_signal; ++number) {
    char const* const known = ::sigabbrev_np(number);
    if (known != nullptr && name == known) return name;
  }
  return std::nullopt;
}

}  // namespace certpivot::settings
