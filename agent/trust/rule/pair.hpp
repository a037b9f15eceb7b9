#pragma once

#include "trust/candidate.hpp"

namespace certpivot::trust::rule {

/// The private key belongs to the leaf: key_mismatch.
[[nodiscard]] Findings pair(Candidate const& candidate);

}  // namespace certpivot::trust::rule
