#pragma once

#include "crypto/anchors.hpp"
#include "settings/settings.hpp"
#include "trust/candidate.hpp"
#include "trust/revocation.hpp"

namespace certpivot::trust::rule {

/// What the responders said (RFC 6960): revoked; ocsp_failed where there is no answer to rely on,
/// which is a warning with trust.ocsp_mode = "soft".
[[nodiscard]] Findings ocsp_answers(Revocation const& known, settings::Trust const& rules);

/// With trust.revocation = "ocsp": the same, and somebody was asked about every leaf that is no
/// anchor itself. Without anchors nobody could be, and that is told.
[[nodiscard]] Findings ocsp(Candidate const& candidate, crypto::Anchors const* anchors,
                            Revocation const& known, settings::Trust const& rules);

}  // namespace certpivot::trust::rule
