#pragma once

#include <functional>
#include <optional>

#include "crypto/tls_client.hpp"
#include "loop/task.hpp"
#include "probe/expected.hpp"
#include "rollout/parts.hpp"

namespace certpivot::rollout {

/// The pair that clients offer, if there is one; may block.
using PairToOffer = std::function<Result<std::optional<crypto::ClientPair>>()>;

/// Asks each probe of the certificate in turn until its server serves what is expected. `pair` is
/// asked where the first of them is to offer one.
[[nodiscard]] Task<Result<void>> prove(World const& world, Parts const& parts,
                                       probe::Expected const& expected, PairToOffer const& pair);

}  // namespace certpivot::rollout
