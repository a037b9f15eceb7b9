#include "trust/rule/listed.hpp"

#include <algorithm>

namespace certpivot::trust::rule {

std::string listed(std::vector<std::string> const& names) {
  // Some certificates hold a hundred names; a sentence should not.
  constexpr std::size_t most = 10;
  if (names.empty()) return "none";
  std::string text;
  std::size_t const count = std::min(names.size(), most);
  for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > count) text += " and " + std::to_string(names.size() - count) + " more";
  return text;
}

}  // namespace certpivot::trust::rule
