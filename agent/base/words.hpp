#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace certpivot {

/// For a sentence: "a, b, c"; empty where there are none.
[[nodiscard]] std::string joined(std::vector<std::string> const& words);

/// Up to the first line feed, without it and without a carriage return right before it.
[[nodiscard]] std::string_view first_line(std::string_view text);

}  // namespace certpivot
