#pragma once

#include "settings/settings.hpp"
#include "trust/candidate.hpp"

namespace certpivot::trust::rule {

/// Every configured name is in the subjectAltName of the leaf, compared as RFC 9525 section 6 has
/// it: name_missing, one for each that is not. SPIFFE IDs are left to rule::spiffe. A
/// server's leaf without any name is a warning where no name is configured.
[[nodiscard]] Findings names(Candidate const& candidate, settings::Trust const& rules);

}  // namespace certpivot::trust::rule
