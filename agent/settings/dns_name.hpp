#pragma once

#include <string>

namespace certpivot::settings {

/// Why a text is no DNS name as certificates have it (RFC 5280 section 4.2.1.6, RFC 5890), as a
/// rule of settings/rules.hpp; a wildcard may stand for its first label, and a dot at its end.
[[nodiscard]] std::string wrong_dns_name(std::string const& text);

}  // namespace certpivot::settings
