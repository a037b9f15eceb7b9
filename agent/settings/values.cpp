#include "settings/rules.hpp"
#include "settings/table.hpp"

/// The readers of Table for values that aren't plain text.
namespace certpivot::settings {

namespace {

constexpr std::string_view duration_form =
    R"(a duration such as "500ms", "10s", "5m", "12h" or "30d")";
constexpr std::string_view mode_form = R"(an octal string such as "0640")";
constexpr std::string_view threshold_form =
    R"(a duration such as "30d" or a percentage such as "33%")";

}  // namespace

bool Table::flag(std::string_view key, bool& value) {
  auto const* const node = ask(key);
  if (node == nullptr) return false;
  auto const* const flag = node->as_boolean();
  if (flag == nullptr)
    wrong_type(*node, "'" + full_name(key) + "'", "true or false");
  else
    value = flag->get();
  return flag != nullptr;
}

bool Table::count(std::string_view key, unsigned& value, unsigned least, unsigned most) {
  auto const* const node = ask(key);
  if (node == nullptr) return false;
  auto const* const number = node->as_integer();
  if (number == nullptr) {
    wrong_type(*node, "'" + full_name(key) + "'", "an integer");
    return false;
  }
  if (auto const wrong = wrong_count(number->get(), {least, most}); !wrong.empty()) {
    complain(key, wrong);
    return false;
  }
  value = static_cast<unsigned>(number->get());
  return true;
}

bool Table::duration(std::string_view key, Duration& value, Duration least, Duration most) {
  auto const* const node = ask(key);
  if (node == nullptr) return false;
  auto const* const text = node->as_string();
  if (text == nullptr) {
    wrong_type(*node, "'" + full_name(key) + "'", duration_form);
    return false;
  }
  auto const duration = parse_duration(text->get());
  if (!duration) {
    complain(key, "must be " + std::string(duration_form) + ", not " + in_quotes(text->get()));
    return false;
  }
  if (auto const wrong = wrong_duration(*duration, {least, most}, text->get()); !wrong.empty()) {
    complain(key, wrong);
    return false;
  }
  value = *duration;
  return true;
}

bool Table::mode(std::string_view key, Mode& value) {
  auto const* const node = ask(key);
  if (node == nullptr) return false;
  auto const* const text = node->as_string();
  if (text == nullptr) {
    wrong_type(*node, "'" + full_name(key) + "'", mode_form);
    return false;
  }
  auto const mode = parse_mode(text->get());
  if (!mode)
    complain(key, "must be " + std::string(mode_form) + ", not " + in_quotes(text->get()));
  else
    value = *mode;
  return mode.has_value();
}

void Table::add_threshold(toml::node const& node, std::string const& subject, Threshold& value) {
  auto const* const text = node.as_string();
  if (text == nullptr) return wrong_type(node, subject, threshold_form);
  auto const duration = parse_duration(text->get());
  auto const share = parse_share(text->get());
  std::string wrong;
  if (!duration && !share)
    wrong = " must be " + std::string(threshold_form) + ", not " + in_quotes(text->get());
  else if ((duration && value.duration) || (share && value.share))
    wrong = std::string(" is a second ") + (share ? "percentage" : "duration") +
            "; give at most one duration and one percentage";
  if (!wrong.empty()) return report_.complain(place_of(node.source()), subject + wrong);
  if (duration) value.duration = duration;
  if (share) value.share = share;
}

bool Table::threshold(std::string_view key, Threshold& value) {
  auto const* const node = ask(key);
  if (node == nullptr) return false;
  Threshold read;
  add_threshold(*node, "'" + full_name(key) + "'", read);
  bool const good = read.duration || read.share;
  if (good) value = read;
  return good;
}

bool Table::thresholds(std::string_view key, Threshold& value) {
  auto const* const array = values_.get_as<toml::array>(key);
  if (array == nullptr) return threshold(key, value);
  (void)ask(key);
  value = {};
  for (toml::node const& entry : *array)
    add_threshold(entry, "an entry of '" + full_name(key) + "'", value);
  return true;
}

}  // namespace certpivot::settings
