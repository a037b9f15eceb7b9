#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace certpivot {

/// The text with every "{{name}}" replaced by what `value` gives for the name: letters, digits, '_'
/// and '-', with blanks on either side if one likes. Braces around anything else stay as they are,
/// so that JSON needs no escaping.
[[nodiscard]] std::string fill_placeholders(
    std::string_view text, std::function<std::string(std::string_view name)> const& value);

}  // namespace certpivot
