#pragma once

#include <string>
#include <vector>

#include "crypto/chain.hpp"
#include "settings/settings.hpp"
#include "trust/findings.hpp"
#include "trust/revocation.hpp"

namespace certpivot::trust::rule {

/// The files themselves: crl_unavailable for each that could not be used, and for each delta CRL.
/// The source's own is published, and servers that check CRLs refuse every peer by one that has
/// expired or is not valid yet: of each in it, crl_expired or crl_not_yet_valid, unless it lies no
/// more than trust.skew ahead (RFC 5280 sections 5.1.2.4 and 5.1.2.5), whatever trust.revocation
/// is.
[[nodiscard]] Findings crl_files(Revocation const& known, settings::Trust const& rules,
                                 WallTime now);

/// What crypto::verify_chain is to check by: all CRLs but deltas.
[[nodiscard]] std::vector<crypto::Crl> usable_crls(Revocation const& known);

/// What it found by them (RFC 5280 section 6.3): revoked; crl_unavailable where there is no CRL of
/// an issuer, or one that cannot be relied on (a wrong signature, another scope); and, of those
/// that crl_files() does not judge, crl_expired and crl_not_yet_valid in the same way.
[[nodiscard]] Findings crl_problems(crypto::ChainAnswer const& chain, Revocation const& known,
                                    settings::Trust const& rules, WallTime now);

/// The source's CRL as it is to be published where that is not as it was read: in DER. Empty
/// otherwise.
[[nodiscard]] std::string converted_crl(source::Snapshot const& snapshot, Revocation const& known);

}  // namespace certpivot::trust::rule
