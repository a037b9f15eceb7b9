#pragma once

#include <string>
#include <string_view>

namespace certpivot {

/// The same text with every byte that is no part of well-formed UTF-8 (RFC 3629: no overlong forms,
/// no surrogates, nothing above U+10FFFF) replaced by U+FFFD. For what goes into JSON, which allows
/// nothing else (RFC 8259, section 8.1): certificate subjects and hook output hold any bytes.
[[nodiscard]] std::string valid_utf8(std::string_view text);

}  // namespace certpivot
