#include "trust/rule/names.hpp"

#include <algorithm>

namespace certpivot::trust::rule {
namespace {

// Some certificates hold a hundred names; a sentence should not.
constexpr std::size_t most_listed = 10;

std::string listed(std::vector<std::string> const& names) {
  if (names.empty()) return "none";
  std::string text;
  std::size_t const count = std::min(names.size(), most_listed);
  for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > count) text += " and " + std::to_string(names.size() - count) + " more";
  return text;
}

}  // namespace

Findings names(Candidate const& candidate, settings::Trust const& rules) {
  Findings findings;
  if (!candidate.leaf) return findings;
  Leaf const& leaf = *candidate.leaf;
  for (std::string const& name : rules.names) {
    if (leaf.certificate.covers(name)) continue;
    findings.refuse(Reason::name_missing, candidate.certificate_path + ": " + leaf.facts.subject +
                                              " is not valid for " + name + ", its names are " +
                                              listed(leaf.facts.names) +
                                              ": have it issued for that name");
  }
  return findings;
}

}  // namespace certpivot::trust::rule
