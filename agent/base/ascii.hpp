#pragma once

/// Letters and digits of ASCII, whatever the locale: isalpha(3) and its like depend on it.
namespace certpivot {

[[nodiscard]] constexpr bool is_digit(char one) { return one >= '0' && one <= '9'; }
[[nodiscard]] constexpr bool is_small_letter(char one) { return one >= 'a' && one <= 'z'; }
[[nodiscard]] constexpr bool is_capital_letter(char one) { return one >= 'A' && one <= 'Z'; }
[[nodiscard]] constexpr bool is_letter(char one) {
  return is_small_letter(one) || is_capital_letter(one);
}

}  // namespace certpivot
