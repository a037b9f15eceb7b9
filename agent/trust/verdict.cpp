#include "trust/verdict.hpp"

#include <algorithm>

namespace certpivot::trust {
namespace {

// What a half-written or half-copied source looks like, or one whose passphrase is on its way.
bool may_be_cured(Reason reason) {
  switch (reason) {
    case Reason::unreadable:
    case Reason::malformed_certificate:
    case Reason::malformed_key:
    case Reason::wrong_passphrase:
    case Reason::key_mismatch:
    case Reason::incomplete_chain:
    case Reason::ca_without_overlap:
    case Reason::ca_orphans_leaf:
    case Reason::crl_unavailable:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool Verdict::incomplete() const {
  return std::any_of(refusals.begin(), refusals.end(),
                     [](Refusal const& refusal) { return may_be_cured(refusal.reason); });
}

}  // namespace certpivot::trust
