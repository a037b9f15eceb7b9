#include "settings/table.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace certpivot::settings {

namespace {

std::string type_name(toml::node_type type) {
  switch (type) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a floating-point number";
    case toml::node_type::boolean:
      return "a boolean";
    case toml::node_type::date:
      return "a date";
    case toml::node_type::time:
      return "a time";
    case toml::node_type::date_time:
      return "a date and time";
    case toml::node_type::none:
      break;
  }
  return "nothing";
}

/// JSON has neither infinity nor NaN (RFC 8259 section 6).
bool has_json_form(toml::node const& node) {
  if (auto const* const number = node.as_floating_point()) return std::isfinite(number->get());
  if (auto const* const array = node.as_array())
    return std::all_of(array->begin(), array->end(), has_json_form);
  if (auto const* const table = node.as_table())
    return std::all_of(table->begin(), table->end(),
                       [](auto&& entry) { return has_json_form(entry.second); });
  return true;
}

}  // namespace

Table::Table(toml::table const& values, std::string name, std::string const& file, Report& report)
    : values_(values), name_(std::move(name)), file_(file), report_(report) {}

toml::node const* Table::ask(std::string_view key) {
  known_.push_back(key);
  dealt_with_.emplace(key);
  report_.know(full_name(key));
  return values_.get(key);
}

std::string Table::full_name(std::string_view key) const {
  return name_.empty() ? std::string(key) : name_ + "." + std::string(key);
}

Place Table::place_of(toml::source_region const& region) const {
  return {file_, region.begin.line, region.begin.column};
}

Place Table::place() const { return place_of(values_.source()); }

Place Table::place(std::string_view key) const {
  auto const* const node = values_.get(key);
  return node == nullptr ? place() : place_of(node->source());
}

bool Table::within(std::string_view key, std::function<void(Table&)> const& reader) {
  auto const* const node = ask(key);
  if (node == nullptr) return false;
  auto const* const values = node->as_table();
  if (values == nullptr) {
    wrong_type(*node, "'" + full_name(key) + "'", "a table, written [" + full_name(key) + "]");
    return false;
  }
  Table table(*values, full_name(key), file_, report_);
  reader(table);
  table.finish();
  return true;
}

bool Table::each(std::string_view key, std::function<void(Table&)> const& reader) {
  auto const* const node = ask(key);
  if (node == nullptr) return false;
  std::string const wanted = "an array of tables, written [[" + full_name(key) + "]]";
  auto const* const array = node->as_array();
  if (array == nullptr) {
    wrong_type(*node, "'" + full_name(key) + "'", wanted);
    return false;
  }
  for (toml::node const& entry : *array) {
    if (auto const* const values = entry.as_table()) {
      Table table(*values, full_name(key), file_, report_);
      reader(table);
      table.finish();
    } else {
      wrong_type(entry, "an entry of '" + full_name(key) + "'", "a table");
    }
  }
  return true;
}

void Table::require(std::string_view key) {
  report_.complain(place(), "required key '" + full_name(key) + "' is missing");
}

void Table::complain(std::string_view key, std::string const& wrong) {
  remark(key, "'" + full_name(key) + "' " + wrong);
}

void Table::remark(std::string_view key, std::string sentence) {
  report_.complain(place(key), std::move(sentence));
}

void Table::refuse(std::string_view key) {
  complain(key, "is not supported by this build; leave it out");
}

void Table::refuse() {
  report_.complain(place(), "'" + name_ + "' is not supported by this build; leave it out");
}

void Table::reject(std::string_view key, std::string text) {
  dealt_with_.emplace(key);
  for (auto&& [name, node] : values_)
    if (name.str() == key) return report_.complain(place_of(name.source()), std::move(text));
}

void Table::wrong_type(toml::node const& node, std::string const& subject,
                       std::string_view wanted) {
  report_.complain(place_of(node.source()), subject + " must be " + std::string(wanted) +
                                                ", but is " + type_name(node.type()));
}

std::vector<std::string> Table::keys() const {
  std::vector<std::string> all;
  for (auto&& [name, node] : values_) all.emplace_back(name.str());
  return all;
}

bool Table::text_at(std::string const& key, std::string& value) {
  auto const* const node = values_.get(key);
  if (node == nullptr) return false;
  dealt_with_.emplace(key);
  auto text = text_of(*node, "'" + full_name(key) + "'", nullptr);
  if (text) value = std::move(*text);
  return text.has_value();
}

std::string Table::rest_as_json() {
  toml::table rest;
  for (auto&& [name, node] : values_) {
    if (dealt_with_.contains(name.str())) continue;
    if (has_json_form(node))
      rest.insert(name, node);
    else
      report_.complain(place_of(node.source()),
                       "'" + full_name(name.str()) + "' must be a finite number: plugins get JSON");
  }
  accept_rest();
  std::ostringstream text;
  text << toml::json_formatter(rest, toml::format_flags::none);
  return text.str();
}

void Table::accept_rest() {
  for (auto&& [name, node] : values_) dealt_with_.emplace(name.str());
}

void Table::finish() {
  for (auto&& [name, node] : values_) {
    if (dealt_with_.contains(name.str())) continue;
    report_.complain(place_of(name.source()), "unknown key '" + escaped(name.str()) + "'" +
                                                  did_you_mean(name.str(), known_));
  }
}

}  // namespace certpivot::settings
