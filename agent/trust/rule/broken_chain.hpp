#pragma once

#include <vector>

#include "crypto/chain.hpp"
#include "trust/verdict.hpp"

namespace certpivot::trust::rule {

/// What a chain's problem means, as a refusal whose text is to follow the file's path. `path` is
/// that of the answer which the problem comes from.
[[nodiscard]] Refusal refusal_of(crypto::ChainProblem const& problem,
                                 std::vector<crypto::Certificate> const& path);

}  // namespace certpivot::trust::rule
