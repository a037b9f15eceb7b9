#include "plugins/http/refusal.hpp"

#include "base/private_key_text.hpp"
#include "base/utf8.hpp"

namespace certpivot::plugins {

namespace {

constexpr std::size_t longest_excerpt = 512;
constexpr std::size_t longest_location = 256;
/// Shorter ones are words that anybody says.
constexpr std::size_t shortest_secret = 4;

std::string without(std::string text, std::vector<std::string_view> const& secrets) {
  constexpr std::string_view instead = "[...]";
  for (std::string_view const secret : secrets) {
    if (secret.size() < shortest_secret) continue;
    for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos;
         at += instead.size())
      text.replace(at, secret.size(), instead);
  }
  return text;
}

/// Line ends and other control characters as one blank.
std::string printable(std::string_view text) {
  std::string line;
  for (char const letter : text) {
    bool const blank = static_cast<unsigned char>(letter) <= ' ' || letter == '\x7f';
    if (!blank)
      line += letter;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  while (line.ends_with(' ')) line.pop_back();
  return valid_utf8(line);
}

}  // namespace

std::string words_of_refusal(HttpAnswer const& answer,
                             std::vector<std::string_view> const& secrets) {
  auto words = "status " + std::to_string(answer.status);
  if (!answer.reason.empty()) words += ' ' + printable(without(answer.reason, secrets));
  if (!answer.location.empty())
    words +=
        ", which points to " +
        printable(std::string_view(without(answer.location, secrets)).substr(0, longest_location));
  auto const body = without(without_private_keys(answer.body), secrets);
  auto const excerpt = printable(std::string_view(body).substr(0, longest_excerpt));
  return excerpt.empty() ? words : words + ": " + excerpt;
}

}  // namespace certpivot::plugins
