#pragma once

#include "trust/candidate.hpp"

namespace certpivot::trust {

/// Of several certificates of one issuer, peers follow the first in the chain that fits
/// (X509_verify_cert(3) never goes back), while Candidate::chain has looked for a path that holds.
/// Where that is not the one that peers would take, its certificates are moved to the front of what
/// is published, with a warning.
[[nodiscard]] Findings put_path_first(Candidate& candidate);

}  // namespace certpivot::trust
