#include "base/http_url.hpp"

#include <algorithm>
#include <charconv>

#include "base/ascii.hpp"
#include "base/ip_address.hpp"

namespace certpivot {

namespace {

constexpr std::string_view socket_mark = "unix:";
constexpr unsigned last_port = 65535;

/// Takes `start` off the text, where it begins with it.
bool take(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  return true;
}

bool is_visible(char letter) { return letter > ' ' && letter < '\x7f'; }

bool is_port(std::string_view text) {
  unsigned number = 0;
  auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && rest == text.data() + text.size() && number > 0 &&
         number <= last_port;
}

bool is_host_name(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char letter) {
    return is_letter(letter) || is_digit(letter) || letter == '.' || letter == '-' || letter == '_';
  });
}

/// An IPv6 address, possibly with its zone: "fe80::1%eth0".
bool is_address(std::string const& host) {
  return host.find(':') != std::string::npos && is_ip_address(host.substr(0, host.find('%')));
}

/// Splits off the target, which begins with one of `marks`, or is "/".
std::string take_target(std::string_view& rest, std::string_view marks) {
  auto const at = std::min(rest.find_first_of(marks), rest.size());
  std::string const target(rest.substr(at));
  rest = rest.substr(0, at);
  return target.starts_with('/') ? target : "/" + target;
}

std::optional<HttpUrl> parse_socket(std::string_view rest) {
  HttpUrl url;
  auto const colon = rest.find(":/");
  url.target = "/";
  if (colon != std::string_view::npos) url.target = rest.substr(colon + 1);
  url.socket = rest.substr(0, colon);
  return url.socket.starts_with('/') ? std::optional(std::move(url)) : std::nullopt;
}

}  // namespace

std::optional<HttpUrl> parse_http_url(std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), is_visible) ||
      text.find('#') != std::string_view::npos)
    return std::nullopt;
  HttpUrl url;
  url.tls = take(text, "https://");
  if (!url.tls && !take(text, "http://")) return std::nullopt;
  if (!url.tls && take(text, socket_mark)) return parse_socket(text);
  url.target = take_target(text, "/?");
  bool const bracketed = text.starts_with('[');
  auto const end = bracketed ? text.find(']') : text.find(':');
  url.host = text.substr(bracketed ? 1 : 0, end - (bracketed ? 1 : 0));
  bool const whole = !bracketed || end != std::string_view::npos;
  if (!whole || !(bracketed ? is_address(url.host) : is_host_name(url.host))) return std::nullopt;
  text.remove_prefix(std::min(end + (bracketed ? 1 : 0), text.size()));
  url.port = url.tls ? "443" : "80";
  if (text.empty()) return url;
  if (!take(text, ":") || !is_port(text)) return std::nullopt;
  url.port = text;
  return url;
}

std::string HttpUrl::authority() const {
  if (!socket.empty()) return "localhost";
  std::string const name = host.find(':') == std::string::npos ? host : '[' + host + ']';
  return port == (tls ? "443" : "80") ? name : name + ':' + port;
}

std::string HttpUrl::text() const {
  std::string const path = target.substr(0, target.find('?'));
  if (!socket.empty()) return "http://" + std::string(socket_mark) + socket + ':' + path;
  return (tls ? "https://" : "http://") + authority() + path;
}

}  // namespace certpivot
