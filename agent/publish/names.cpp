#include "publish/names.hpp"

#include <algorithm>
#include <charconv>

namespace certpivot::publish {

bool is_file_name(std::string_view name) {
  return std::find(file_names.begin(), file_names.end(), name) != file_names.end();
}

bool is_of_pair(std::string_view name) { return name == certificate_name || name == key_name; }

bool is_temporary_generation(std::string_view name) {
  return name.starts_with(staging_prefix) || name.starts_with(discarded_prefix);
}

std::optional<Number> parse_number(std::string_view name) {
  Number number = 0;
  auto const [rest, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || rest != name.data() + name.size()) return std::nullopt;
  if (name.front() == '0') return std::nullopt;
  return number;
}

std::string link_target(Number number) {
  return std::string(generations_name) + "/" + std::to_string(number);
}

std::optional<Number> parse_link_target(std::string_view target) {
  std::string const directory = std::string(generations_name) + "/";
  if (!target.starts_with(directory)) return std::nullopt;
  return parse_number(target.substr(directory.size()));
}

std::string fixed_link_target(std::string_view name) {
  return std::string(current_name) + "/" + std::string(name);
}

std::string temporary_name(std::string_view prefix, Number number) {
  return std::string(prefix) + std::to_string(number);
}

}  // namespace certpivot::publish
