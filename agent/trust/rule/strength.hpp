#pragma once

#include "settings/settings.hpp"
#include "trust/candidate.hpp"

namespace certpivot::trust::rule {

/// The key of the leaf has at least the configured size: weak_key.
[[nodiscard]] Findings strength(Candidate const& candidate, settings::Trust const& rules);

}  // namespace certpivot::trust::rule
