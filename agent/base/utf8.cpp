#include "base/utf8.hpp"

#include <cstddef>

namespace certpivot {

namespace {

unsigned byte_at(std::string_view text, std::size_t place) {
  return static_cast<unsigned char>(text[place]);
}

bool is_continuation(std::string_view text, std::size_t place) {
  return place < text.size() && (byte_at(text, place) & 0xC0U) == 0x80U;
}

/// Length of the well-formed sequence that begins the text, 0 for none: RFC 3629, section 4.
std::size_t sequence_length(std::string_view text) {
  unsigned const first = byte_at(text, 0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4 || !is_continuation(text, 1)) return 0;
  if (first < 0xE0) return 2;
  unsigned const second = byte_at(text, 1);
  if (first == 0xE0 && second < 0xA0) return 0;  // overlong
  if (first == 0xED && second > 0x9F) return 0;  // a surrogate
  if (first == 0xF0 && second < 0x90) return 0;  // overlong
  if (first == 0xF4 && second > 0x8F) return 0;  // above U+10FFFF
  if (!is_continuation(text, 2)) return 0;
  if (first < 0xF0) return 3;
  return is_continuation(text, 3) ? 4 : 0;
}

}  // namespace

std::string valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    std::size_t const length = sequence_length(text);
    valid += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return valid;
}

}  // namespace certpivot
