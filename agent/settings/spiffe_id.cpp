#include "settings/spiffe_id.hpp"

#include <algorithm>
#include <string_view>

#include "base/ascii.hpp"
#include "settings/quote.hpp"

namespace certpivot::settings {

namespace {

constexpr std::string_view scheme = "spiffe://";
constexpr std::size_t longest_id = 2048;
constexpr std::size_t longest_domain = 255;

bool domain_letter(char letter) {
  return is_small_letter(letter) || is_digit(letter) || letter == '.' || letter == '-' ||
         letter == '_';
}

bool path_letter(char letter) { return domain_letter(letter) || is_capital_letter(letter); }

bool all_are(std::string_view text, bool (*allowed)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

// The characters leave no room for user, port, query, fragment and percent encoding.
std::string wrong_domain(std::string_view domain) {
  if (domain.size() > longest_domain) return "must have a trust domain of at most 255 letters";
  if (!all_are(domain, domain_letter))
    return "must have a trust domain of small letters, digits, '.', '-' and '_'";
  return {};
}

std::string wrong_path(std::string_view path) {
  while (true) {
    std::size_t const slash = path.find('/');
    std::string_view const segment = path.substr(0, slash);
    if (segment == "." || segment == "..") return R"(must not have "." or ".." in its path)";
    if (!all_are(segment, path_letter))
      return "must have a path of letters, digits, '.', '-' and '_' between single slashes";
    if (slash == std::string_view::npos) return {};
    path.remove_prefix(slash + 1);
  }
}

std::string fault_of(std::string_view text) {
  if (text.size() > longest_id) return "must have at most 2048 bytes";
  if (!text.starts_with(scheme)) return "must begin with \"spiffe://\"";
  text.remove_prefix(scheme.size());
  std::size_t const slash = text.find('/');
  if (auto wrong = wrong_domain(text.substr(0, slash)); !wrong.empty()) return wrong;
  if (slash == std::string_view::npos) return "must have a path behind its trust domain";
  return wrong_path(text.substr(slash + 1));
}

}  // namespace

std::string wrong_spiffe_id(std::string const& text) {
  std::string const wrong = fault_of(text);
  return wrong.empty() ? wrong : wrong + " to be a SPIFFE ID, not " + in_quotes(text);
}

}  // namespace certpivot::settings
