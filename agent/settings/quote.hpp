#pragma once

#include <string>
#include <string_view>

namespace certpivot::settings {

/// A text from a file as a complaint may show it: control characters and quotes escaped, so that it
/// stays on its line, and cut after 80 bytes.
[[nodiscard]] std::string escaped(std::string_view text);
/// The same in double quotes.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace certpivot::settings
