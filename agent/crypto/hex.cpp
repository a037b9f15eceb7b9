#include "crypto/hex.hpp"

#include <string_view>

namespace certpivot::crypto {

std::string lower_hex(std::span<unsigned char const> bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (unsigned char const byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace certpivot::crypto
