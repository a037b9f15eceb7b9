#include "trust/rule/pair.hpp"

namespace certpivot::trust::rule {

Findings pair(Candidate const& candidate) {
  Findings findings;
  if (!candidate.key || !candidate.leaf) return findings;
  if (candidate.key->matches(candidate.leaf->certificate)) return findings;
  findings.refuse(Reason::key_mismatch,
                  "the key in " + candidate.key_path + " does not belong to the certificate " +
                      candidate.leaf->facts.subject + " in " + candidate.certificate_path +
                      ": write both files of one issuance");
  return findings;
}

}  // namespace certpivot::trust::rule
