#include "trust/rule/rotation.hpp"

#include <algorithm>

#include "trust/rule/listed.hpp"

namespace certpivot::trust::rule {
namespace {

std::vector<std::string> lost_names(CertificateFacts const& next, CertificateFacts const& current) {
  std::vector<std::string> lost;
  for (std::string const& name : current.names) {
    if (std::find(next.names.begin(), next.names.end(), name) == next.names.end()) {
      lost.push_back(name);
    }
  }
  return lost;
}

void warn_of_steps_back(CertificateFacts const& next, CertificateFacts const& current,
                        std::string const& subject, Findings& findings) {
  if (next.not_after < current.not_after) {
    findings.warn(subject + " expires at " + to_rfc3339_seconds(next.not_after) +
                  ", before the one in force, " + to_rfc3339_seconds(current.not_after));
  }
  bool const both_known = next.security_bits > 0 && current.security_bits > 0;
  if (both_known && next.security_bits < current.security_bits) {
    findings.warn(subject + " has a weaker key than the one in force: " + next.key + " after " +
                  current.key);
  }
  if (auto const lost = lost_names(next, current); !lost.empty()) {
    findings.warn(subject + " is not valid for all names of the one in force, it lacks " +
                  listed(lost));
  }
}

void warn_of_issuer(CertificateFacts const& next, CertificateFacts const& current,
                    std::string const& subject, Findings& findings) {
  if (next.issuer != current.issuer) {
    findings.warn(subject + " is issued by " + next.issuer + ", the one in force by " +
                  current.issuer);
  } else if (next.serial == current.serial) {
    findings.warn(subject + " has the serial number of the one in force, " + next.serial +
                  ", though it is another certificate: " + next.issuer +
                  " must not use one twice, and a revocation would hit both");
  }
}

// A warning, unless it `blocks`.
void tell_of_older(CertificateFacts const& next, CertificateFacts const& current,
                   std::string const& subject, bool blocks, Findings& findings) {
  if (next.not_before >= current.not_before) return;
  std::string const older = subject + " is valid from " + to_rfc3339_seconds(next.not_before) +
                            ", the one in force from " + to_rfc3339_seconds(current.not_before);
  if (!blocks) return findings.warn(older);
  findings.refuse(Reason::older_than_current,
                  older + ": bring a newer one, or set trust.allow_older");
}

}  // namespace

Findings rotation(Candidate const& candidate, Current const& current, settings::Trust const& rules,
                  WallTime now) {
  Findings findings;
  if (!candidate.leaf || !current.leaf) return findings;
  CertificateFacts const& next = candidate.leaf->facts;
  if (next.fingerprint == current.leaf->fingerprint) return findings;
  std::string const subject = candidate.certificate_path + ": " + next.subject;
  warn_of_steps_back(next, *current.leaf, subject, findings);
  warn_of_issuer(next, *current.leaf, subject, findings);
  bool const blocks = !rules.allow_older && !current.revoked && current.leaf->not_after > now;
  tell_of_older(next, *current.leaf, subject, blocks, findings);
  return findings;
}

}  // namespace certpivot::trust::rule
