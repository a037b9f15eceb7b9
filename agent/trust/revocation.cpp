#include "trust/revocation.hpp"

#include <algorithm>

#include "trust/candidate.hpp"
#include "trust/rule/crl.hpp"
#include "trust/rule/ocsp.hpp"

namespace certpivot::trust {
namespace {

bool is_anchored(crypto::ChainAnswer const& answer) {
  return answer.anchored && std::none_of(answer.problems.begin(), answer.problems.end(),
                                         [](crypto::ChainProblem const& problem) {
                                           return problem.fault == crypto::ChainFault::untrusted ||
                                                  problem.fault == crypto::ChainFault::incomplete;
                                         });
}

tl::unexpected<Error> unknown(std::string why) {
  return fail("cannot tell whether it is revoked", {}, std::move(why));
}

std::vector<crypto::Certificate> anchored_path(crypto::ChainQuestion const& question) {
  crypto::ChainAnswer answer = crypto::verify_chain(question);
  if (!is_anchored(answer)) return {};
  return std::move(answer.path);
}

}  // namespace

std::vector<crypto::Certificate> certification_path(source::Snapshot const& snapshot,
                                                    crypto::Anchors const& anchors, WallTime now) {
  Candidate const candidate = read_candidate(snapshot);
  if (!candidate.leaf) return {};
  return anchored_path({candidate.leaf->certificate, candidate.intermediates, anchors, now});
}

std::vector<crypto::Certificate> certification_path(std::string_view chain,
                                                    crypto::Anchors const& anchors, WallTime now) {
  auto const certificates = crypto::readable_certificates(chain);
  if (certificates.empty()) return {};
  return anchored_path({certificates.front(), certificates, anchors, now});
}

Result<std::optional<std::string>> revocation_of(std::vector<crypto::Certificate> const& path,
                                                 crypto::Anchors const& anchors,
                                                 Revocation const& known,
                                                 settings::Trust const& rules, WallTime now) {
  if (rules.revocation == settings::Revocation::off) return std::optional<std::string>();
  if (path.empty()) return unknown("its chain leads to none of the anchors");
  Findings findings;
  if (rules.revocation == settings::Revocation::crl) {
    auto const crls = rule::usable_crls(known);
    auto const answer = crypto::verify_chain({path.front(), path, anchors, now, &crls});
    findings = rule::crl_problems(answer, known, {}, rules, now);
  } else {
    findings = rule::ocsp_answers(known, rules);
  }
  for (Refusal& refusal : findings.refusals)
    if (refusal.reason == Reason::revoked) return std::optional(std::move(refusal.text));
  if (!findings.refusals.empty()) return unknown(findings.refusals.front().text);
  for (crypto::CrlFile const& file : known.crl_files)
    if (!file.crls) return unknown(file.failure);
  // With ocsp_mode = "soft" a failure is a warning.
  if (!findings.warnings.empty()) return unknown(findings.warnings.front());
  return std::optional<std::string>();
}

}  // namespace certpivot::trust
