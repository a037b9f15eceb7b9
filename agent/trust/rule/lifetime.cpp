#include "trust/rule/lifetime.hpp"

namespace certpivot::trust::rule {

Findings lifetime(Candidate const& candidate, settings::Trust const& rules, WallTime now) {
  Findings findings;
  if (!candidate.leaf) return findings;
  CertificateFacts const& facts = candidate.leaf->facts;
  std::string const subject = candidate.certificate_path + ": " + facts.subject;
  if (now < facts.not_before) {
    findings.refuse(Reason::not_yet_valid, subject + " is not valid before " +
                                               to_rfc3339_seconds(facts.not_before) +
                                               ": check the clock, or wait");
  }
  if (facts.not_after <= now) {
    findings.refuse(Reason::expired,
                    subject + " expired at " + to_rfc3339_seconds(facts.not_after) + ": renew it");
    return findings;
  }
  Duration const left = facts.not_after - now;
  Duration const wanted = rules.min_remaining.of(facts.not_after - facts.not_before);
  if (left < wanted) {
    findings.refuse(Reason::min_remaining, subject + " is valid for another " + to_text(left) +
                                               ", and trust.min_remaining asks for " +
                                               to_text(wanted) + ": renew it");
  }
  return findings;
}

}  // namespace certpivot::trust::rule
