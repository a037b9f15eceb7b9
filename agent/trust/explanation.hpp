#pragma once

#include <string_view>

#include "trust/reason.hpp"

namespace certpivot::trust {

/// What `certpivot check --explain CODE` prints: what the rule is and where it comes from, why
/// peers would reject such a certificate, what to do, and which key of the configuration has a
/// say. Three to six sentences, one paragraph without line breaks.
[[nodiscard]] std::string_view explanation(Reason reason);

}  // namespace certpivot::trust
