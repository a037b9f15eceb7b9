#include "settings/quote.hpp"

#include <array>
#include <cstddef>
#include <cstdio>

namespace certpivot::settings {

namespace {

constexpr std::size_t longest = 80;

/// Whether a byte continues a UTF-8 sequence: a cut before it would split a character.
bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

}  // namespace

std::string escaped(std::string_view text) {
  bool const cut = text.size() > longest;
  if (cut) {
    std::size_t end = longest;
    while (end > 0 && continues(text[end])) --end;
    text = text.substr(0, end);
  }
  std::string shown;
  for (char const letter : text) {
    auto const byte = static_cast<unsigned char>(letter);
    if (byte < 0x20 || byte == 0x7F) {
      std::array<char, 8> code{};
      (void)std::snprintf(code.data(), code.size(), "\\u%04X", static_cast<unsigned>(byte));
      shown += code.data();
    } else {
      if (letter == '"' || letter == '\\') shown += '\\';
      shown += letter;
    }
  }
  return cut ? shown + "..." : shown;
}

std::string in_quotes(std::string_view text) { return "\"" + escaped(text) + "\""; }

}  // namespace certpivot::settings
