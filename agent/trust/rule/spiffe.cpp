#include "trust/rule/spiffe.hpp"

#include <algorithm>

#include "trust/rule/listed.hpp"

namespace certpivot::trust::rule {
namespace {

// The facts hold the same names with all bytes escaped that a log should not show.
std::vector<std::string> listed_uris(Leaf const& leaf) {
  std::vector<std::string> uris;
  std::copy_if(leaf.facts.names.begin(), leaf.facts.names.end(), std::back_inserter(uris),
               [](std::string const& name) { return name.find("://") != std::string::npos; });
  return uris;
}

void judge_id(Leaf const& leaf, std::string const& subject, std::string const& id,
              Findings& findings) {
  std::vector<std::string> const uris = leaf.certificate.uris();
  if (uris.size() == 1 && uris.front() == id) return;
  bool const among_others = std::find(uris.begin(), uris.end(), id) != uris.end();
  std::string const fault = among_others ? " has more URIs than " + id + ", so that it is no SVID, "
                                         : " is no SVID of " + id + ", ";
  findings.refuse(Reason::name_missing, subject + fault + "its URIs are " +
                                            listed(listed_uris(leaf)) +
                                            ": have it issued with that URI and no other");
}

std::string wrong_usage(crypto::KeyUsage const& usage) {
  if (!usage.digital_signature) return "lacks digitalSignature";
  if (usage.key_cert_sign) return "has keyCertSign";
  if (usage.crl_sign) return "has cRLSign";
  return {};
}

void judge_use(Leaf const& leaf, std::string const& subject, Findings& findings) {
  if (leaf.certificate.is_ca()) {
    findings.refuse(Reason::wrong_purpose, subject +
                                               " is an authority, and no leaf of SPIFFE may be: "
                                               "have it issued with CA:FALSE");
  }
  auto const usage = leaf.certificate.key_usage();
  std::string const wrong = usage ? wrong_usage(*usage) : "";
  if (wrong.empty()) return;
  findings.refuse(Reason::wrong_purpose, subject + " is no SVID, because its keyUsage " + wrong +
                                             ": have it issued with digitalSignature only");
}

}  // namespace

bool is_spiffe_id(std::string_view name) { return name.starts_with("spiffe://"); }

Findings spiffe(Candidate const& candidate, settings::Trust const& rules) {
  Findings findings;
  if (!candidate.leaf) return findings;
  std::string const subject = candidate.certificate_path + ": " + candidate.leaf->facts.subject;
  bool wanted = false;
  for (std::string const& name : rules.names) {
    if (!is_spiffe_id(name)) continue;
    wanted = true;
    judge_id(*candidate.leaf, subject, name, findings);
  }
  if (wanted) judge_use(*candidate.leaf, subject, findings);
  return findings;
}

}  // namespace certpivot::trust::rule
