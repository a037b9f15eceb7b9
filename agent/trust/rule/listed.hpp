#pragma once

#include <string>
#include <vector>

namespace certpivot::trust::rule {

/// Names for a sentence: "a, b", "none", or the first ten "and 3 more".
[[nodiscard]] std::string listed(std::vector<std::string> const& names);

}  // namespace certpivot::trust::rule
