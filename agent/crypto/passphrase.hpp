#pragma once

#include <string_view>

#include "base/result.hpp"

namespace certpivot::crypto {

/// What to do about a file that holds no passphrase to use.
inline constexpr char const* passphrase_remedy =
    "write the passphrase as its first line, or leave passphrase_file out for none";

/// The passphrase in the text of a file: its first line, without the end. Errors: that is empty or
/// holds a zero byte, at which other programs would end it. `where` is left to the caller.
[[nodiscard]] Result<std::string_view> passphrase_in(std::string_view file);

}  // namespace certpivot::crypto
