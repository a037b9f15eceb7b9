#include "settings/dns_name.hpp"

#include <algorithm>
#include <string_view>

#include "base/ascii.hpp"
#include "settings/punycode.hpp"
#include "settings/quote.hpp"

namespace certpivot::settings {

namespace {

constexpr std::size_t longest_dns_name = 253;
constexpr std::size_t longest_label = 63;

// The underscore is none of RFC 1123's, but names in clusters and in service records have it.
bool label_letter(char letter) {
  return is_letter(letter) || is_digit(letter) || letter == '-' || letter == '_';
}

bool starts_as_a_label(std::string_view label) {
  auto const is = [&](std::size_t at, char lower) { return (label[at] | 0x20) == lower; };
  return label.size() >= 4 && is(0, 'x') && is(1, 'n') && label.substr(2, 2) == "--";
}

std::string wrong_label(std::string_view label) {
  if (label.empty()) return "must not have an empty label";
  if (label.size() > longest_label) return "must not have a label of more than 63 letters";
  if (!std::all_of(label.begin(), label.end(), label_letter))
    return "must not have anything but letters, digits, '-' and '_' in a label";
  if (label.front() == '-' || label.back() == '-')
    return "must not have a label that begins or ends with '-'";
  if (starts_as_a_label(label) && !is_punycode(label.substr(4)))
    return "must not have a label with \"xn--\" that is no A-label (RFC 5890)";
  return {};
}

std::string wrong_labels(std::string_view name) {
  while (true) {
    std::size_t const dot = name.find('.');
    std::string_view const label = name.substr(0, dot);
    if (auto wrong = wrong_label(label); !wrong.empty()) return wrong;
    if (dot == std::string_view::npos)
      return std::all_of(label.begin(), label.end(), is_digit) ? "must not end as an IPv4 address"
                                                               : "";
    name.remove_prefix(dot + 1);
  }
}

}  // namespace

std::string wrong_dns_name(std::string const& text) {
  std::string_view name = text;
  if (name.ends_with('.')) name.remove_suffix(1);
  std::string wrong;
  if (name.size() > longest_dns_name) wrong = "must not have more than 253 letters";
  if (name.starts_with("*.")) name.remove_prefix(2);
  if (wrong.empty() && name.find('*') != std::string_view::npos)
    wrong = "must not have '*' but for its whole first label, with a name behind it";
  if (wrong.empty()) wrong = wrong_labels(name);
  return wrong.empty() ? wrong : wrong + ", as " + in_quotes(text) + " does";
}

}  // namespace certpivot::settings
