#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace certpivot {

/// For a sentence: "a, b, c"; empty where there are none.
[[nodiscard]] std::string joined(std::vector<std::string> const& words);

/// The same, each word once and no more than `most` of them: "a, b and 3 more".
[[nodiscard]] std::string joined(std::vector<std::string> const& words, std::size_t most);

/// So many subjects a sentence bears: a CA bundle may hold hundreds.
inline constexpr std::size_t most_named = 5;

/// Up to the first line feed, without it and without a carriage return right before it.
[[nodiscard]] std::string_view first_line(std::string_view text);

}  // namespace certpivot
