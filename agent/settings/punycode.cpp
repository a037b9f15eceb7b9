#include "settings/punycode.hpp"

#include <cstdint>
#include <optional>

#include "base/ascii.hpp"

namespace certpivot::settings {

namespace {

// The parameters of RFC 3492 section 5.
constexpr std::uint32_t base = 36;
constexpr std::uint32_t smallest_threshold = 1;
constexpr std::uint32_t largest_threshold = 26;
constexpr std::uint32_t skew = 38;
constexpr std::uint32_t damp = 700;
constexpr std::uint32_t first_bias = 72;
constexpr std::uint32_t first_code_point = 0x80;
constexpr std::uint32_t last_code_point = 0x10FFFF;

std::optional<std::uint32_t> digit(char letter) {
  if (is_small_letter(letter)) return letter - 'a';
  if (is_capital_letter(letter)) return letter - 'A';
  if (is_digit(letter)) return letter - '0' + 26;
  return std::nullopt;
}

std::uint32_t threshold(std::uint32_t position, std::uint32_t bias) {
  if (position <= bias) return smallest_threshold;
  return position - bias < largest_threshold ? position - bias : largest_threshold;
}

// Section 6.1.
std::uint32_t adapted(std::uint32_t delta, std::uint32_t points, bool first) {
  delta = first ? delta / damp : delta / 2;
  delta += delta / points;
  std::uint32_t steps = 0;
  for (; delta > (base - smallest_threshold) * largest_threshold / 2; steps += base)
    delta /= base - smallest_threshold;
  return steps + (base - smallest_threshold + 1) * delta / (delta + skew);
}

// One number of variable length from the front of the text; nothing where it ends or overflows.
std::optional<std::uint32_t> take_delta(std::string_view& text, std::uint32_t bias) {
  std::uint64_t delta = 0;
  std::uint64_t weight = 1;
  for (std::uint32_t position = base;; position += base) {
    auto const value = text.empty() ? std::nullopt : digit(text.front());
    if (!value) return std::nullopt;
    text.remove_prefix(1);
    delta += *value * weight;
    if (delta > UINT32_MAX) return std::nullopt;
    std::uint32_t const limit = threshold(position, bias);
    if (*value < limit) return static_cast<std::uint32_t>(delta);
    weight *= base - limit;
    if (weight > UINT32_MAX) return std::nullopt;
  }
}

}  // namespace

// Section 6.2, without the output: only the numbers of the code points matter here.
bool is_punycode(std::string_view text) {
  std::size_t const delimiter = text.rfind('-');
  bool const has_ascii = delimiter != std::string_view::npos;
  std::uint64_t points = has_ascii ? delimiter : 0;
  text.remove_prefix(has_ascii ? delimiter + 1 : 0);
  if (text.empty()) return false;
  std::uint64_t code_point = first_code_point;
  std::uint64_t place = 0;
  std::uint32_t bias = first_bias;
  for (bool first = true; !text.empty(); first = false) {
    auto const delta = take_delta(text, bias);
    if (!delta) return false;
    bias = adapted(*delta, static_cast<std::uint32_t>(++points), first);
    place += *delta;
    code_point += place / points;
    place = place % points + 1;
    if (code_point > last_code_point) return false;
  }
  return true;
}

}  // namespace certpivot::settings
