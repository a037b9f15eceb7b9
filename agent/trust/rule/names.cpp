#include "trust/rule/names.hpp"

#include "trust/rule/listed.hpp"
#include "trust/rule/spiffe.hpp"

namespace certpivot::trust::rule {

Findings names(Candidate const& candidate, settings::Trust const& rules) {
  Findings findings;
  if (!candidate.leaf) return findings;
  Leaf const& leaf = *candidate.leaf;
  for (std::string const& name : rules.names) {
    if (is_spiffe_id(name) || leaf.certificate.covers(name)) continue;
    findings.refuse(Reason::name_missing, candidate.certificate_path + ": " + leaf.facts.subject +
                                              " is not valid for " + name + ", its names are " +
                                              listed(leaf.facts.names) +
                                              ": have it issued for that name");
  }
  return findings;
}

}  // namespace certpivot::trust::rule
