#pragma once

#include "settings/settings.hpp"
#include "trust/candidate.hpp"

namespace certpivot::trust::rule {

/// The leaf is valid now, and for long enough: expired (from the second of notAfter on, as OpenSSL
/// has it), not_yet_valid, min_remaining.
[[nodiscard]] Findings lifetime(Candidate const& candidate, settings::Trust const& rules,
                                WallTime now);

}  // namespace certpivot::trust::rule
