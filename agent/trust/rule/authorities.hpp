#pragma once

#include "base/clock.hpp"
#include "trust/candidate.hpp"

namespace certpivot::trust::rule {

/// Warns of what is of no use in the CA bundle: an anchor that has expired (X509_verify_cert(3)
/// looks at an anchor's validity, too), and a certificate of somebody else's that is no authority
/// (RFC 5280 section 4.2.1.9), which vouches for nothing but itself. One that stands there twice
/// does no harm, and is published twice.
[[nodiscard]] Findings authorities(Candidate const& candidate, WallTime now);

}  // namespace certpivot::trust::rule
