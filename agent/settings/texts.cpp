#include "settings/table.hpp"

/// The readers of Table for text: single, and in arrays.
namespace certpivot::settings {

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

bool Table::texts_or_integers(std::string_view key, std::vector<std::string>& value, Rule rule) {
  auto const* const node = ask(key);
  auto const* const array = node == nullptr ? nullptr : node->as_array();
  if (array == nullptr) return texts(key, value, rule);
  std::string const subject = "an entry of '" + full_name(key) + "'";
  value.clear();
  for (toml::node const& entry : *array) {
    if (auto const* const number = entry.as_integer())
      value.push_back(std::to_string(number->get()));
    else if (auto text = text_of(entry, subject, nullptr))
      value.push_back(std::move(*text));
    else
      continue;
    if (auto const wrong = rule(value.back()); !wrong.empty())
      report_.complain(place_of(entry.source()), subject + " " + wrong);
  }
  return value.size() == array->size();
}

}  // namespace certpivot::settings
