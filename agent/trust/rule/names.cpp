#include "trust/rule/names.hpp"

#include <algorithm>

#include "base/ip_address.hpp"
#include "trust/rule/listed.hpp"
#include "trust/rule/spiffe.hpp"

namespace certpivot::trust::rule {
namespace {

// For those who see the name covered: X509_check_host(3) wants two labels behind the asterisk.
std::string wildcard_that_does_not_count(std::string const& name,
                                         std::vector<std::string> const& names) {
  std::string const above = name.substr(std::min(name.find('.'), name.size()));
  if (above.find('.', 1) != std::string::npos) return {};
  if (std::find(names.begin(), names.end(), "*" + above) == names.end()) return {};
  return " (a wildcard directly below a top-level label does not count)";
}

// For those who see the name there: an address as a DNS name, or one with a final dot.
std::string name_that_does_not_count(std::string const& name,
                                     std::vector<std::string> const& names) {
  auto const holds = [&](std::string const& one) {
    return std::find(names.begin(), names.end(), one) != names.end();
  };
  if (holds(name)) {
    bool const uri = name.find(':') != std::string::npos;
    return std::string(" (it stands there, but not as ") + (is_ip_address(name) ? "an IP address)"
                                                            : uri               ? "a URI)"
                                                                                : "a DNS name)");
  }
  std::string const dotted = name + ".";
  return holds(dotted) ? " (with a dot at its end " + dotted + " matches nothing)" : "";
}

void warn_without_names(Candidate const& candidate, settings::Trust const& rules,
                        Findings& findings) {
  using settings::Purpose;
  bool const serves = rules.purpose == Purpose::server || rules.purpose == Purpose::both;
  if (!serves || !candidate.leaf->facts.names.empty()) return;
  findings.warn(candidate.certificate_path + ": " + candidate.leaf->facts.subject +
                " has no name in a subjectAltName, so that browsers and most other clients reject "
                "it as a server's (RFC 9525 section 2): have it issued with the server's names");
}

}  // namespace

Findings names(Candidate const& candidate, settings::Trust const& rules) {
  Findings findings;
  if (!candidate.leaf) return findings;
  Leaf const& leaf = *candidate.leaf;
  for (std::string const& name : rules.names) {
    if (is_spiffe_id(name) || leaf.certificate.covers(name)) continue;
    findings.refuse(Reason::name_missing, candidate.certificate_path + ": " + leaf.facts.subject +
                                              " is not valid for " + name + ", its names are " +
                                              listed(leaf.facts.names) +
                                              wildcard_that_does_not_count(name, leaf.facts.names) +
                                              name_that_does_not_count(name, leaf.facts.names) +
                                              ": have it issued for that name");
  }
  if (rules.names.empty()) warn_without_names(candidate, rules, findings);
  return findings;
}

}  // namespace certpivot::trust::rule
