#include <algorithm>
#include <string_view>

#include "base/ascii.hpp"
#include "base/ip_address.hpp"
#include "settings/dns_name.hpp"
#include "settings/quote.hpp"
#include "settings/rules.hpp"
#include "settings/spiffe_id.hpp"

namespace certpivot::settings {

namespace {

bool is_ascii(char letter) { return static_cast<unsigned char>(letter) < 0x80; }
bool is_graphic(char letter) { return letter > ' ' && letter < 0x7F; }

bool scheme_letter(char letter) {
  return is_letter(letter) || is_digit(letter) || letter == '+' || letter == '-' || letter == '.';
}

bool has_spiffe_scheme(std::string_view text) {
  constexpr std::string_view scheme = "spiffe:";
  return text.size() >= scheme.size() &&
         std::equal(scheme.begin(), scheme.end(), text.begin(), [](char wanted, char given) {
           return wanted == (given | 0x20) || wanted == given;
         });
}

// RFC 3986 section 3.1: a scheme, a colon, and something behind it. A port behind a name is meant
// for no URI.
std::string wrong_uri(std::string const& text) {
  std::string_view const scheme = std::string_view(text).substr(0, text.find(':'));
  std::string_view const rest = std::string_view(text).substr(scheme.size() + 1);
  bool const only_port = std::all_of(rest.begin(), rest.end(), is_digit);
  bool const good = !scheme.empty() && is_letter(scheme.front()) && !only_port &&
                    std::all_of(scheme.begin(), scheme.end(), scheme_letter) &&
                    std::all_of(rest.begin(), rest.end(), is_graphic);
  return good ? std::string()
              : "must be a DNS name or an address without a port, or a URI, not " + in_quotes(text);
}

}  // namespace

std::string alternative_name(std::string const& text) {
  if (text.empty()) return not_empty(text);
  if (!std::all_of(text.begin(), text.end(), is_ascii))
    return "must be written as certificates have it, each label with letters beyond ASCII as its "
           "A-label (xn--..., as idn2 prints it), not " +
           in_quotes(text);
  if (is_ip_address(text)) return {};
  if (has_spiffe_scheme(text)) return wrong_spiffe_id(text);
  if (text.find(':') != std::string::npos) return wrong_uri(text);
  if (text.find('@') != std::string::npos)
    return "must not be an e-mail address, by which no server is verified, as " + in_quotes(text) +
           " is";
  return wrong_dns_name(text);
}

std::string server_name(std::string const& text) {
  bool const is_host = is_ip_address(text) || text.find_first_of(":/@*") == std::string::npos;
  if (is_host) return alternative_name(text);
  return "must be a DNS name or an IP address, not " + in_quotes(text);
}

}  // namespace certpivot::settings
