#pragma once

#include "settings/settings.hpp"
#include "trust/candidate.hpp"
#include "trust/current.hpp"

namespace certpivot::trust::rule {

/// The leaf is no step back from the one in force. Issued before it: older_than_current; a warning
/// where `allow_older` is set, or the current one is expired or revoked, which never blocks. An
/// earlier expiry, a weaker key, missing names, another issuer and a serial number used twice (RFC
/// 5280 section 4.1.2.2) are warnings.
[[nodiscard]] Findings rotation(Candidate const& candidate, Current const& current,
                                settings::Trust const& rules, WallTime now);

}  // namespace certpivot::trust::rule
