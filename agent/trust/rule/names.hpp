#pragma once

#include "settings/settings.hpp"
#include "trust/candidate.hpp"

namespace certpivot::trust::rule {

/// Every configured name is in the subjectAltName of the leaf: name_missing, one for each that is
/// not.
[[nodiscard]] Findings names(Candidate const& candidate, settings::Trust const& rules);

}  // namespace certpivot::trust::rule
