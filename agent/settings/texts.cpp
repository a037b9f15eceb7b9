#include <algorithm>

#include "settings/table.hpp"

/// The readers of Table for text: single, in arrays, and one of a few words.
namespace certpivot::settings {

namespace {

/// `"a", "b" or "c"`.
std::string list_of(std::vector<std::string_view> const& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += in_quotes(words[i]);
  }
  return text;
}

}  // namespace

std::optional<std::string> Table::text_of(toml::node const& node, std::string const& subject,
                                          Rule rule) {
  auto const* const value = node.as_string();
  if (value == nullptr) {
    wrong_type(node, subject, "a string");
    return std::nullopt;
  }
  std::string const& text = value->get();
  // Every one of them ends up in a system call or an environment, which would cut it there.
  std::string wrong = text.find('\0') == std::string::npos ? "" : "must not hold a NUL character";
  if (wrong.empty() && rule != nullptr) wrong = rule(text);
  if (!wrong.empty()) report_.complain(place_of(node.source()), subject + " " + wrong);
  return text;
}

bool Table::text(std::string_view key, std::string& value, Rule rule) {
  auto const* const node = ask(key);
  if (node == nullptr) return false;
  auto const text = text_of(*node, "'" + full_name(key) + "'", rule);
  if (text) value = *text;
  return text.has_value();
}

bool Table::texts(std::string_view key, std::vector<std::string>& value, Rule rule) {
  auto const* const node = ask(key);
  if (node == nullptr) return false;
  auto const* const array = node->as_array();
  if (array == nullptr) {
    wrong_type(*node, "'" + full_name(key) + "'", "an array of strings");
    return false;
  }
  value.clear();
  for (toml::node const& entry : *array)
    if (auto text = text_of(entry, "an entry of '" + full_name(key) + "'", rule))
      value.push_back(std::move(*text));
  return value.size() == array->size();
}

std::optional<std::size_t> Table::word(std::string_view key,
                                       std::vector<std::string_view> const& words) {
  std::string text;
  if (!this->text(key, text)) return std::nullopt;
  auto const found = std::find(words.begin(), words.end(), text);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  std::string wrong = "must be " + list_of(words) + ", not " + in_quotes(text);
  if (auto const near = nearest(text, words); !near.empty())
    wrong += "; did you mean " + in_quotes(near) + "?";
  complain(key, wrong);
  return std::nullopt;
}

}  // namespace certpivot::settings
