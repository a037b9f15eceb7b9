#include "trust/rule/rotation.hpp"

namespace certpivot::trust::rule {

Findings rotation(Candidate const& candidate, std::optional<CertificateFacts> const& current,
                  settings::Trust const& rules, WallTime now) {
  Findings findings;
  if (!candidate.leaf || !current || rules.allow_older) return findings;
  if (current->not_after <= now) return findings;
  CertificateFacts const& facts = candidate.leaf->facts;
  if (facts.not_before >= current->not_before) return findings;
  findings.refuse(Reason::older_than_current,
                  candidate.certificate_path + ": " + facts.subject + " is valid from " +
                      to_rfc3339_seconds(facts.not_before) + ", the one in force from " +
                      to_rfc3339_seconds(current->not_before) +
                      ": bring a newer one, or set trust.allow_older");
  return findings;
}

}  // namespace certpivot::trust::rule
