#include "base/ascii.hpp"

#include <doctest/doctest.h>

using namespace certpivot;

TEST_CASE("letters and digits are those of ASCII, both ends of each row included") {
  for (char const one : {'0', '9'}) CHECK((is_digit(one) && !is_letter(one)));
  for (char const one : {'a', 'z'}) CHECK((is_small_letter(one) && is_letter(one)));
  for (char const one : {'A', 'Z'}) CHECK((is_capital_letter(one) && is_letter(one)));
  for (char const one : {'/', ':', '@', '[', '`', '{', '\0', '\xe4'})
    CHECK_FALSE((is_digit(one) || is_letter(one)));
  CHECK_FALSE(is_small_letter('A'));
  CHECK_FALSE(is_capital_letter('a'));
}
