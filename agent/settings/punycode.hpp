#pragma once

#include <string_view>

namespace certpivot::settings {

/// Whether what follows "xn--" in an A-label decodes (RFC 3492) to anything but ASCII.
[[nodiscard]] bool is_punycode(std::string_view text);

}  // namespace certpivot::settings
