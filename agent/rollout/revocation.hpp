#pragma once

#include <optional>
#include <string>

#include "crypto/anchors.hpp"
#include "publish/generation.hpp"
#include "settings/settings.hpp"
#include "source/evidence.hpp"
#include "trust/revocation.hpp"

namespace certpivot::rollout {

/// What a verdict on the snapshot needs to know: the CRLs, and with trust.revocation = "ocsp" what
/// responders say about its path to an anchor (null where the anchors could not be read). Blocks,
/// up to trust.ocsp_timeout.
[[nodiscard]] trust::Revocation revocation_known(settings::Certificate const& settings,
                                                 source::Snapshot const& snapshot,
                                                 crypto::Anchors const* anchors,
                                                 source::Evidence& evidence, WallTime now);

/// Whether what is in force, as it is published, has been revoked meanwhile: as
/// trust::revocation_of has it. To be asked at every look, whatever the source holds by then: the
/// CRL of the source counts as it stands there now, even where the snapshot around it is refused.
/// With CRLs the answer stays the same while the content in force does and
/// source::Evidence::version(); otherwise it costs the chain's signatures and those of its CRLs.
/// Blocks like the above.
[[nodiscard]] Result<std::optional<std::string>> revoked_in_force(
    settings::Certificate const& settings, publish::Content const& in_force,
    source::Evidence& evidence, WallTime now);

/// The same where the server reads the source itself.
[[nodiscard]] Result<std::optional<std::string>> revoked_in_force(
    settings::Certificate const& settings, source::Snapshot const& in_force,
    source::Evidence& evidence, WallTime now);

/// Until when an answer by CRLs holds while nothing changes: the first end of one of them that is
/// still to come.
[[nodiscard]] WallTime crls_hold_until(settings::Certificate const& settings,
                                       source::Evidence& evidence, WallTime now);

}  // namespace certpivot::rollout
