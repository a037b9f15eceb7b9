#pragma once

#include <vector>

#include "crypto/chain.hpp"
#include "settings/settings.hpp"
#include "trust/candidate.hpp"
#include "trust/findings.hpp"
#include "trust/revocation.hpp"

namespace certpivot::trust::rule {

/// The files themselves: crl_unavailable for each that could not be used, and for each delta CRL.
[[nodiscard]] Findings crl_files(Revocation const& known);

/// What crypto::verify_chain is to check by: all CRLs but deltas. Of two with the same thisUpdate
/// it takes the first, and so the one of the higher number (RFC 5280 section 5.2.3) comes first,
/// else the one that lists more.
[[nodiscard]] std::vector<crypto::Crl> usable_crls(Revocation const& known);

/// What it found by them (RFC 5280 section 6.3): revoked; crl_unavailable where there is no CRL of
/// an issuer, or one that cannot be relied on (a wrong signature, another scope); crl_expired and
/// crl_not_yet_valid, unless it lies no more than trust.skew ahead (sections 5.1.2.4 and 5.1.2.5).
/// Whatever comes of CRLs that are `refused` already is left out.
[[nodiscard]] Findings crl_problems(crypto::ChainAnswer const& chain, Revocation const& known,
                                    std::vector<crypto::Crl> const& refused,
                                    settings::Trust const& rules, WallTime now);
/// The same of a candidate, in sentences that name its file.
[[nodiscard]] Findings crl(Candidate const& candidate, Revocation const& known,
                           std::vector<crypto::Crl> const& refused, settings::Trust const& rules,
                           WallTime now);

}  // namespace certpivot::trust::rule
