#pragma once

#include <string_view>

#include "settings/settings.hpp"
#include "trust/candidate.hpp"

namespace certpivot::trust::rule {

/// The name is written as a SPIFFE ID, which spiffe() judges.
[[nodiscard]] bool is_spiffe_id(std::string_view name);

/// Where a configured name is a SPIFFE ID, the leaf is an X509-SVID with that ID (SPIFFE X509-SVID,
/// sections 2 to 4): it is the one URI among its names (name_missing), the leaf is no authority,
/// and its keyUsage, where there is one, has digitalSignature and neither keyCertSign nor cRLSign
/// (wrong_purpose). The ID's own form is checked where the configuration is read.
[[nodiscard]] Findings spiffe(Candidate const& candidate, settings::Trust const& rules);

}  // namespace certpivot::trust::rule
