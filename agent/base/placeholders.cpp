#include "base/placeholders.hpp"

#include <algorithm>

#include "base/ascii.hpp"

namespace certpivot {

namespace {

constexpr std::string_view opening = "{{";
constexpr std::string_view closing = "}}";

std::string_view without_blanks(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
    return is_letter(letter) || is_digit(letter) || letter == '_' || letter == '-';
  });
}

}  // namespace

std::string fill_placeholders(std::string_view text,
                              std::function<std::string(std::string_view)> const& value) {
  std::string filled;
  while (!text.empty()) {
    auto const begin = std::min(text.find(opening), text.size());
    filled += text.substr(0, begin);
    text.remove_prefix(begin);
    auto const end = text.find(closing);
    if (end == std::string_view::npos) return filled.append(text);
    auto const name = without_blanks(text.substr(opening.size(), end - opening.size()));
    if (is_name(name)) {
      filled += value(name);
      text.remove_prefix(end + closing.size());
    } else {
      // "{{{name}}": the next brace may begin one.
      filled += text.front();
      text.remove_prefix(1);
    }
  }
  return filled;
}

}  // namespace certpivot
