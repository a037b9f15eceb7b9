#include "trust/rule/strength.hpp"

namespace certpivot::trust::rule {
namespace {

void compare(Candidate const& candidate, std::string const& kind, unsigned least,
             Findings& findings) {
  unsigned const bits = candidate.leaf->certificate.key_bits();
  if (bits >= least) return;
  findings.refuse(Reason::weak_key, candidate.certificate_path + ": the " + kind + " key of " +
                                        candidate.leaf->facts.subject + " has " +
                                        std::to_string(bits) + " bits, fewer than the " +
                                        std::to_string(least) +
                                        " that are asked for: have it issued for a larger key");
}

}  // namespace

Findings strength(Candidate const& candidate, settings::Trust const& rules) {
  Findings findings;
  if (!candidate.leaf) return findings;
  switch (candidate.leaf->certificate.key_kind()) {
    case crypto::KeyKind::rsa:
      compare(candidate, "RSA", rules.min_rsa_bits, findings);
      break;
    case crypto::KeyKind::ec:
      compare(candidate, "EC", rules.min_ec_bits, findings);
      break;
    case crypto::KeyKind::other:
      // Ed25519 and Ed448 have one size; what else there is, security level 2 judges in the chain.
      break;
  }
  return findings;
}

}  // namespace certpivot::trust::rule
