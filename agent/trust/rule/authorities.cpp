#include "trust/rule/authorities.hpp"

#include <string>
#include <vector>

#include "base/words.hpp"

namespace certpivot::trust::rule {
namespace {

template <class IsOne>
std::string subjects_where(std::vector<crypto::Certificate> const& all, IsOne is_one) {
  std::vector<std::string> subjects;
  for (crypto::Certificate const& one : all)
    if (is_one(one)) subjects.push_back(one.subject());
  return joined(subjects, most_named);
}

}  // namespace

Findings authorities(Candidate const& candidate, WallTime now) {
  Findings findings;
  auto const& all = candidate.authorities;
  auto const over = [&](crypto::Certificate const& one) { return one.not_after() <= now; };
  if (std::string const expired = subjects_where(all, over); !expired.empty()) {
    findings.warn(candidate.ca_path + " holds anchors that have expired, " + expired +
                  ": peers accept nothing by them, leave them out");
  }
  // Who pins a certificate that signed itself means it.
  auto const powerless = [](crypto::Certificate const& one) {
    return !one.is_ca() && !one.self_issued();
  };
  if (std::string const leaves = subjects_where(all, powerless); !leaves.empty()) {
    findings.warn(candidate.ca_path + " holds certificates that are no authorities, " + leaves +
                  ": peers accept nothing by them but themselves, bring those of their CA instead");
  }
  return findings;
}

}  // namespace certpivot::trust::rule
