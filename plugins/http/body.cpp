#include "plugins/http/body.hpp"

#include <algorithm>
#include <array>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include "base/ascii.hpp"
#include "base/placeholders.hpp"
#include "base/units.hpp"
#include "base/utf8.hpp"
#include "base/words.hpp"
#include "settings/settings.hpp"

namespace certpivot::plugins {

namespace {

using event::Event;

std::string of_leaf(Event const& event, std::string CertificateFacts::*value) {
  return event.leaf ? (*event.leaf).*value : std::string();
}

std::string time_of_leaf(Event const& event, WallTime CertificateFacts::*value) {
  return event.leaf ? to_rfc3339_seconds((*event.leaf).*value) : std::string();
}

struct Placeholder {
  std::string_view name;
  std::string (*value)(Event const& event);
};
using Facts = CertificateFacts;
constexpr std::array<Placeholder, 14> placeholders{
    {{"event", [](Event const& event) { return std::string(name(event.kind)); }},
     {"time", [](Event const& event) { return to_rfc3339(event.time); }},
     {"certificate", [](Event const& event) { return event.certificate; }},
     {"generation", [](Event const& event) { return std::to_string(event.generation); }},
     {"serial", [](Event const& event) { return of_leaf(event, &Facts::serial); }},
     {"fingerprint", [](Event const& event) { return of_leaf(event, &Facts::fingerprint); }},
     {"subject", [](Event const& event) { return of_leaf(event, &Facts::subject); }},
     {"issuer", [](Event const& event) { return of_leaf(event, &Facts::issuer); }},
     {"names",
      [](Event const& event) { return event.leaf ? joined(event.leaf->names) : std::string(); }},
     {"not_before", [](Event const& event) { return time_of_leaf(event, &Facts::not_before); }},
     {"not_after", [](Event const& event) { return time_of_leaf(event, &Facts::not_after); }},
     {"certificate_file", [](Event const& event) { return event.paths.certificate; }},
     {"key_file", [](Event const& event) { return event.paths.key; }},
     {"ca_file", [](Event const& event) { return event.paths.ca; }}}};

constexpr bool are_those_of_settings() {
  if (placeholders.size() + 1 != settings::http_placeholders.size()) return false;
  for (std::size_t i = 0; i < placeholders.size(); ++i)
    if (placeholders.at(i).name != settings::http_placeholders.at(i)) return false;
  return settings::http_placeholders.back() == "json";
}
static_assert(are_those_of_settings());

std::string value_of(std::string_view wanted, Event const& event) {
  auto const* const found =
      std::find_if(placeholders.begin(), placeholders.end(),
                   [wanted](Placeholder const& one) { return one.name == wanted; });
  return found == placeholders.end() ? std::string() : found->value(event);
}

std::string escaped_for_json(std::string const& text) {
  auto const quoted = boost::json::serialize(boost::json::string(valid_utf8(text)));
  return quoted.substr(1, quoted.size() - 2);
}

// The application/x-www-form-urlencoded serializer of the URL standard, but for its '+'.
std::string encoded_for_form(std::string const& text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view plain = "*-._";
  std::string encoded;
  for (char const letter : text) {
    auto const byte = static_cast<unsigned char>(letter);
    if (is_letter(letter) || is_digit(letter) || plain.find(letter) != std::string_view::npos)
      encoded += letter;
    else
      encoded.append({'%', digits[byte >> 4U], digits[byte & 0xFU]});
  }
  return encoded;
}

/// "application/json; charset=utf-8" without its parameters, in small letters.
std::string media_type(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (type.ends_with(' ')) type.pop_back();
  for (char& letter : type)
    if (is_capital_letter(letter)) letter = static_cast<char>(letter - 'A' + 'a');
  return type;
}

}  // namespace

std::string fill_body(std::string_view text, std::string_view content_type,
                      event::Event const& event) {
  auto const type = media_type(content_type);
  bool const is_json = type.ends_with("/json") || type.ends_with("+json");
  bool const is_form = type == "application/x-www-form-urlencoded";
  return fill_placeholders(text, [&](std::string_view name) {
    bool const whole = name == "json";
    auto const value = whole ? event::to_json(event) : value_of(name, event);
    if (is_form) return encoded_for_form(value);
    return is_json && !whole ? escaped_for_json(value) : value;
  });
}

}  // namespace certpivot::plugins
