#include "trust/rule/listed.hpp"

#include "base/words.hpp"

namespace certpivot::trust::rule {

std::string listed(std::vector<std::string> const& names) {
  // Some certificates hold a hundred names; a sentence should not.
  constexpr std::size_t most = 10;
  return names.empty() ? "none" : joined(names, most);
}

}  // namespace certpivot::trust::rule
