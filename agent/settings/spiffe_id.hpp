#pragma once

#include <string>

namespace certpivot::settings {

/// Why a text is no SPIFFE ID of a workload (SPIFFE-ID, section 2), as a rule of
/// settings/rules.hpp.
[[nodiscard]] std::string wrong_spiffe_id(std::string const& text);

}  // namespace certpivot::settings
