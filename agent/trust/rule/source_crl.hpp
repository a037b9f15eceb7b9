#pragma once

#include <string>
#include <vector>

#include "crypto/crl.hpp"
#include "trust/candidate.hpp"
#include "trust/findings.hpp"
#include "trust/judge.hpp"

namespace certpivot::trust::rule {

/// What there is to say of the source's own CRL file.
struct SourceCrl {
  Findings findings = {};
  std::vector<crypto::Crl> refused = {};
  bool usable = false;  ///< as Verdict::crl_usable
};

/// The source's CRL is published, and servers refuse every peer by a CRL that is not valid, so that
/// it is judged whatever trust.revocation is. Of several CRLs of one issuer and scope (RFC 5280
/// section 5.2.5) servers take one that is valid, and the newest of those; where none is, the
/// newest is refused: crl_expired, or crl_not_yet_valid, unless it lies no more than trust.skew
/// ahead; crl_unavailable, where certificates of its issuer's name are at hand (the chain's, the CA
/// bundle's, the anchors) and none has signed any of them; older_than_current, where the one in
/// force is newer and has not expired, unless trust.allow_older is set. Where the very file is in
/// force already and trust.revocation does not ask for CRLs, these are warnings: it makes nothing
/// worse.
[[nodiscard]] SourceCrl source_crl(Question const& question, Candidate const& candidate);

/// The source's CRL as it is to be published where that is not as it was read: in DER. Empty
/// otherwise.
[[nodiscard]] std::string converted_crl(Question const& question);

}  // namespace certpivot::trust::rule
