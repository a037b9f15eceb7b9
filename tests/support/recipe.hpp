#pragma once

#include <string>

namespace certpivot::testing {

/// A file of config/examples.
[[nodiscard]] std::string recipe(std::string const& name);

/// Every `from` becomes `to`; there must be one, or the recipe is another by now.
void put(std::string& text, std::string const& from, std::string const& to);

}  // namespace certpivot::testing
