#include "trust/rule/broken_chain.hpp"

#include "base/words.hpp"

namespace certpivot::trust::rule {
namespace {

using crypto::ChainFault;
using crypto::ChainProblem;
using Path = std::vector<crypto::Certificate>;

// The certificate that the one at fault has issued.
std::string issued_by(ChainProblem const& problem, Path const& path) {
  auto const depth = static_cast<std::size_t>(problem.depth);
  return depth > 0 && depth <= path.size() ? path[depth - 1].subject() : "the leaf";
}

std::string signed_with(ChainProblem const& problem, Path const& path) {
  auto const depth = static_cast<std::size_t>(problem.depth);
  return depth < path.size() ? path[depth].signature_algorithm() : problem.why;
}

std::string anchors_in_words(std::string const& anchors_name) {
  return "the anchors" + (anchors_name.empty() ? "" : " in " + anchors_name);
}

Refusal incomplete(ChainProblem const& problem, std::string const& anchors_name) {
  return {Reason::incomplete_chain,
          "the certificate of " + problem.issuer + ", which issued " + problem.subject +
              ", is neither in it nor among " + anchors_in_words(anchors_name) +
              ": add it behind the leaf, or, where it is the CA's root, trust it by trust.anchors"};
}

Refusal weak_signature(ChainProblem const& problem, Path const& path) {
  return {Reason::weak_signature, "the signature on " + problem.subject + ", " +
                                      signed_with(problem, path) +
                                      ", is too weak for servers and clients: have it issued with "
                                      "SHA-256"};
}

// The authority whose name constraints are broken.
std::string constraining(ChainProblem const& problem, Path const& path) {
  auto const depth = static_cast<std::size_t>(problem.depth);
  for (auto above = depth + 1; above < path.size(); ++above)
    if (!path[above].allows_names_of(path[depth])) return " of " + path[above].subject();
  return {};
}

std::string unknown_extensions(ChainProblem const& problem, Path const& path) {
  auto const depth = static_cast<std::size_t>(problem.depth);
  if (depth >= path.size()) return {};
  std::string const oids = joined(path[depth].unknown_critical_extensions(), most_named);
  return oids.empty() ? "" : ", " + oids;
}

std::string untrusted_because(ChainProblem const& problem, Path const& path,
                              std::string const& anchors_name) {
  std::string const& subject = problem.subject;
  switch (problem.fault) {
    case ChainFault::not_an_authority:
      return subject + " issued " + issued_by(problem, path) +
             ", and is no authority: its basicConstraints lack CA:TRUE (RFC 5280 section 4.2.1.9): "
             "have the leaf issued by a CA";
    case ChainFault::may_not_sign:
      return subject + " issued " + issued_by(problem, path) +
             ", and its keyUsage lacks keyCertSign (RFC 5280 section 4.2.1.3): have the leaf "
             "issued by a CA that may sign certificates";
    case ChainFault::too_long:
      return "more than 16 certificates would lead from the leaf to an anchor, and few peers "
             "follow "
             "so many: have it issued by a CA nearer to an anchor, or trust one of them by "
             "trust.anchors";
    case ChainFault::path_length:
      return "more authorities stand below " + subject +
             " than its path length allows (RFC 5280 section 4.2.1.9): have the leaf issued by a "
             "CA nearer to it, or trust one below it by trust.anchors";
    case ChainFault::name_constraints:
      return subject + " has a name that an authority above it does not allow, " + problem.why +
             constraining(problem, path) +
             " (RFC 5280 section 4.2.1.10): have it issued for other names, or by another CA";
    case ChainFault::critical_extension:
      return subject + " has a critical extension that OpenSSL does not know" +
             unknown_extensions(problem, path) +
             ", so that peers reject it (RFC 5280 section 4.2): have it issued without";
    case ChainFault::explicit_curve:
      return subject +
             " has an EC key that spells out its curve instead of naming it (RFC 5480 "
             "section 2.1.1): have it issued for a key on a named curve";
    case ChainFault::too_many_names:
      return "OpenSSL gives up on verifying " + subject +
             ", as it does where its names times the name constraints above it are more than "
             "1,048,576: have it issued for fewer names, or by a CA with fewer constraints";
    default:
      return subject + " is not trusted by " + anchors_in_words(anchors_name) + " (" + problem.why +
             "): add its CA to trust.anchors, or have the certificate issued by one that is there";
  }
}

}  // namespace

Refusal refusal_of(ChainProblem const& problem, Path const& path, std::string const& anchors_name) {
  std::string const& subject = problem.subject;
  switch (problem.fault) {
    case ChainFault::incomplete:
      return incomplete(problem, anchors_name);
    case ChainFault::expired:
      return {Reason::expired,
              subject + " above the leaf has expired: get a new chain from the CA"};
    case ChainFault::not_yet_valid:
      return {Reason::not_yet_valid,
              subject + " above the leaf is not valid yet: check the clock, or get another chain"};
    case ChainFault::weak_key:
      return {Reason::weak_key, "the key of " + subject + " is too weak for servers (" +
                                    problem.why + "): use RSA of 2048 bits or more, or P-256"};
    case ChainFault::weak_signature:
      return weak_signature(problem, path);
    default:
      return {Reason::untrusted, untrusted_because(problem, path, anchors_name)};
  }
}

}  // namespace certpivot::trust::rule
