#pragma once

#include "settings/settings.hpp"
#include "trust/candidate.hpp"

namespace certpivot::trust::rule {

/// The leaf was not issued before the one in force: older_than_current. An expired current one
/// never blocks, and `allow_older` lifts the rule.
[[nodiscard]] Findings rotation(Candidate const& candidate,
                                std::optional<CertificateFacts> const& current,
                                settings::Trust const& rules, WallTime now);

}  // namespace certpivot::trust::rule
