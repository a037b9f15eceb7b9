#pragma once

#include "settings/settings.hpp"
#include "trust/candidate.hpp"

namespace certpivot::trust::rule {

/// The leaf may be used as what it is for (key usage and extended key usage): wrong_purpose.
[[nodiscard]] Findings purpose(Candidate const& candidate, settings::Trust const& rules);

}  // namespace certpivot::trust::rule
