#include "trust/rule/purpose.hpp"

namespace certpivot::trust::rule {
namespace {

using settings::Purpose;

void refuse(Candidate const& candidate, std::string const& role, std::string const& usage,
            Findings& findings) {
  findings.refuse(Reason::wrong_purpose,
                  candidate.certificate_path + ": " + candidate.leaf->facts.subject +
                      " may not be used as TLS " + role + ": have it issued with " + usage +
                      ", or change trust.purpose");
}

}  // namespace

Findings purpose(Candidate const& candidate, settings::Trust const& rules) {
  Findings findings;
  if (!candidate.leaf) return findings;
  bool const as_server = rules.purpose == Purpose::server || rules.purpose == Purpose::both;
  bool const as_client = rules.purpose == Purpose::client || rules.purpose == Purpose::both;
  if (as_server && !candidate.leaf->certificate.fit_for_server()) {
    refuse(candidate, "server", "serverAuth", findings);
  }
  if (as_client && !candidate.leaf->certificate.fit_for_client()) {
    refuse(candidate, "client", "clientAuth", findings);
  }
  return findings;
}

}  // namespace certpivot::trust::rule
