#pragma once

#include <string_view>

#include "trust/reason.hpp"

namespace certpivot::trust {

/// What a code means, why it matters and what to do about it: for `check --explain`.
[[nodiscard]] std::string_view explanation(Reason reason);

}  // namespace certpivot::trust
