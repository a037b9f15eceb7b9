#pragma once

#include "crypto/anchors.hpp"
#include "settings/settings.hpp"
#include "trust/candidate.hpp"

namespace certpivot::trust::rule {

/// The leaf leads to an anchor, as X509_verify_cert(3) has it: untrusted, incomplete_chain,
/// weak_key, weak_signature; expired and not_yet_valid of a certificate above the leaf. Without
/// anchors
/// (`anchors` is null) the answer is untrusted, with `anchors_failure` as the cause.
[[nodiscard]] Findings chain(Candidate const& candidate, crypto::Anchors const* anchors,
                             std::string const& anchors_failure, settings::Trust const& rules,
                             WallTime now);

}  // namespace certpivot::trust::rule
