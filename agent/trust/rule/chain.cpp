#include "trust/rule/chain.hpp"

#include <algorithm>

#include "trust/rule/broken_chain.hpp"
#include "trust/rule/crl.hpp"
#include "trust/rule/strength.hpp"
#include "trust/rule/strict.hpp"

namespace certpivot::trust::rule {
namespace {

using crypto::ChainFault;
using crypto::ChainProblem;

bool told_by_strength(ChainProblem const& problem, Candidate const& candidate,
                      settings::Trust const& rules) {
  if (problem.fault != ChainFault::weak_key || problem.of_anchor) return false;
  auto const depth = static_cast<std::size_t>(problem.depth);
  auto const& path = candidate.chain.path;
  return depth < path.size() && !weakness(path[depth], rules).empty();
}

void tell_strict(ChainProblem const& problem, std::string const& file, settings::Trust const& rules,
                 Findings& findings) {
  std::string const fault = strict_fault(problem.strict);
  if (problem.of_anchor) return findings.warn("the anchor " + problem.subject + " " + fault);
  std::string const sentence = file + ": " + problem.subject + " " + fault;
  auto const& relaxed = rules.relax;
  if (std::find(relaxed.begin(), relaxed.end(), problem.strict) != relaxed.end()) {
    return findings.warn(sentence);
  }
  findings.refuse(Reason::untrusted, sentence + ": have it issued without that fault, or name " +
                                         problem.strict + " in trust.relax");
}

// True where the certificate above the leaf need only be waited for.
bool wait_for(ChainProblem const& problem, Candidate const& candidate, settings::Trust const& rules,
              WallTime now, Findings& findings) {
  auto const depth = static_cast<std::size_t>(problem.depth);
  auto const& path = candidate.chain.path;
  if (problem.fault != ChainFault::not_yet_valid || depth >= path.size()) return false;
  WallTime const start = path[depth].not_before();
  if (start > now + rules.skew) return false;
  findings.wait_until(start);
  return true;
}

}  // namespace

crypto::ChainAnswer follow_chain(Candidate const& candidate, crypto::Anchors const* anchors,
                                 settings::Trust const& rules, Revocation const& known,
                                 WallTime now) {
  if (anchors == nullptr || !candidate.leaf || !candidate.chain_known) return {};
  bool const by_crl = rules.revocation == settings::Revocation::crl;
  auto const crls = by_crl ? usable_crls(known) : std::vector<crypto::Crl>();
  return crypto::verify_chain({candidate.leaf->certificate, candidate.intermediates, *anchors, now,
                               by_crl ? &crls : nullptr});
}

Findings chain(Candidate const& candidate, crypto::Anchors const* anchors,
               std::string const& anchors_failure, settings::Trust const& rules, WallTime now) {
  Findings findings;
  if (anchors == nullptr) {
    findings.refuse(Reason::untrusted, "there are no anchors to trust: " + anchors_failure);
    return findings;
  }
  std::string const& file = candidate.certificate_path;
  for (ChainProblem const& problem : candidate.chain.problems) {
    if (is_about_revocation(problem.fault)) continue;
    if (told_by_strength(problem, candidate, rules)) continue;
    if (wait_for(problem, candidate, rules, now, findings)) continue;
    if (problem.fault == ChainFault::strict) {
      tell_strict(problem, file, rules, findings);
      continue;
    }
    Refusal refusal = refusal_of(problem, candidate.chain.path, candidate.anchors_name);
    findings.refuse(refusal.reason, file + ": " + refusal.text);
  }
  return findings;
}

}  // namespace certpivot::trust::rule
