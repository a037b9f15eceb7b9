#include "trust/rule/listed.hpp"

#include "base/words.hpp"

namespace certpivot::trust::rule {

std::string listed(std::vector<std::string> const& names) {
  // Some certificates hold a hundred names; a sentence should not.
  constexpr std::size_t most = 10;
  if (names.empty()) return "none";
  if (names.size() <= most) return joined(names);
  return joined({names.begin(), names.begin() + most}) + " and " +
         std::to_string(names.size() - most) + " more";
}

}  // namespace certpivot::trust::rule
