#pragma once

#include "crypto/chain.hpp"
#include "settings/settings.hpp"
#include "trust/candidate.hpp"
#include "trust/revocation.hpp"

namespace certpivot::trust::rule {

/// Verifies the chain once for all rules: Candidate::chain. Empty where the leaf, another
/// certificate of the file or the anchors could not be read.
[[nodiscard]] crypto::ChainAnswer follow_chain(Candidate const& candidate,
                                               crypto::Anchors const* anchors,
                                               settings::Trust const& rules,
                                               Revocation const& known, WallTime now);

/// The leaf leads to an anchor, as X509_verify_cert(3) has it with strict checking (RFC 5280
/// section 6): untrusted, incomplete_chain, weak_key, weak_signature; expired and not_yet_valid of
/// a certificate above the leaf, which is waited for within trust.skew. What trust.relax names is a
/// warning, and so is what only strict checking finds in the anchor: RFC 5280 section 6.1 takes
/// nothing from an anchor but its name and its key. Without anchors (`anchors` is null) the answer
/// is untrusted, with `anchors_failure` as the cause. What CRLs say is the matter of rule/crl.hpp.
[[nodiscard]] Findings chain(Candidate const& candidate, crypto::Anchors const* anchors,
                             std::string const& anchors_failure, settings::Trust const& rules,
                             WallTime now);

}  // namespace certpivot::trust::rule
