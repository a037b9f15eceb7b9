#include "trust/rule/chain.hpp"

#include "trust/rule/strength.hpp"

namespace certpivot::trust::rule {
namespace {

using crypto::ChainFault;
using crypto::ChainProblem;

Refusal refusal_of(ChainProblem const& problem) {
  std::string const& subject = problem.subject;
  std::string const because = " (" + problem.why + ")";
  switch (problem.fault) {
    case ChainFault::incomplete:
      return {
          Reason::incomplete_chain,
          "the certificate of " + problem.issuer + ", which issued " + subject +
              ", is neither in the file nor among the anchors: add it behind the leaf, or trust "
              "its CA by trust.anchors"};
    case ChainFault::expired:
      return {Reason::expired,
              subject + " above the leaf has expired: get a new chain from the CA"};
    case ChainFault::not_yet_valid:
      return {Reason::not_yet_valid,
              subject + " above the leaf is not valid yet: check the clock, or get another chain"};
    case ChainFault::weak_key:
      return {Reason::weak_key, "the key of " + subject + " is too weak for servers" + because +
                                    ": use RSA of 2048 bits or more, or P-256"};
    case ChainFault::weak_signature:
      return {Reason::weak_signature, "the signature on " + subject + " is too weak for servers" +
                                          because + ": have it issued with SHA-256"};
    case ChainFault::untrusted:
    case ChainFault::other:
      break;
  }
  return {Reason::untrusted, subject + " is not trusted" + because +
                                 ": add its CA to trust.anchors, or have the certificate issued by "
                                 "one that is there"};
}

bool told_by_strength(ChainProblem const& problem, Candidate const& candidate,
                      settings::Trust const& rules) {
  return problem.depth == 0 && problem.fault == ChainFault::weak_key &&
         !strength(candidate, rules).refusals.empty();
}

}  // namespace

Findings chain(Candidate const& candidate, crypto::Anchors const* anchors,
               std::string const& anchors_failure, settings::Trust const& rules, WallTime now) {
  Findings findings;
  if (anchors == nullptr) {
    findings.refuse(Reason::untrusted, "there are no anchors to trust: " + anchors_failure);
    return findings;
  }
  if (!candidate.leaf || !candidate.chain_known) return findings;
  auto const answer =
      crypto::verify_chain({candidate.leaf->certificate, candidate.intermediates, *anchors, now});
  for (ChainProblem const& problem : answer.problems) {
    if (told_by_strength(problem, candidate, rules)) continue;
    Refusal refusal = refusal_of(problem);
    findings.refuse(refusal.reason, candidate.certificate_path + ": " + refusal.text);
  }
  return findings;
}

}  // namespace certpivot::trust::rule
