#include "trust/revocation.hpp"

#include <algorithm>

#include "trust/candidate.hpp"
#include "trust/rule/crl.hpp"
#include "trust/rule/ocsp.hpp"

namespace certpivot::trust {

std::vector<crypto::Certificate> certification_path(source::Snapshot const& snapshot,
                                                    crypto::Anchors const& anchors, WallTime now) {
  Candidate const candidate = read_candidate(snapshot);
  if (!candidate.leaf) return {};
  return crypto::verify_chain({candidate.leaf->certificate, candidate.intermediates, anchors, now})
      .path;
}

std::vector<crypto::Certificate> certification_path(std::string_view chain,
                                                    crypto::Anchors const& anchors, WallTime now) {
  auto const certificates = crypto::readable_certificates(chain);
  if (certificates.empty()) return {};
  return crypto::verify_chain({certificates.front(), certificates, anchors, now}).path;
}

std::optional<std::string> revocation_of(std::vector<crypto::Certificate> const& path,
                                         crypto::Anchors const& anchors, Revocation const& known,
                                         settings::Trust const& rules, WallTime now) {
  if (path.empty()) return {};
  Findings findings;
  if (rules.revocation == settings::Revocation::crl) {
    auto const crls = rule::usable_crls(known);
    auto const answer = crypto::verify_chain({path.front(), path, anchors, now, &crls});
    findings = rule::crl_problems(answer, known, rules, now);
  } else if (rules.revocation == settings::Revocation::ocsp) {
    findings = rule::ocsp_answers(known, rules);
  }
  auto const revoked =
      std::find_if(findings.refusals.begin(), findings.refusals.end(),
                   [](Refusal const& one) { return one.reason == Reason::revoked; });
  if (revoked == findings.refusals.end()) return {};
  return revoked->text;
}

}  // namespace certpivot::trust
