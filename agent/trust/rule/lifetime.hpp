#pragma once

#include "settings/settings.hpp"
#include "trust/candidate.hpp"

namespace certpivot::trust::rule {

/// The leaf is valid now, for long enough and not for too long: expired, not_yet_valid,
/// min_remaining, max_lifetime. One that begins within trust.skew is waited for (Findings::due).
/// RFC 5280 section 4.1.2.5 counts the second of notAfter as part of the validity; OpenSSL does
/// not, and neither does this, so that "90d" takes what ends 90 days after notBefore.
[[nodiscard]] Findings lifetime(Candidate const& candidate, settings::Trust const& rules,
                                WallTime now);

}  // namespace certpivot::trust::rule
