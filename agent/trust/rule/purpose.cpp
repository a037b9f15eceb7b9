#include "trust/rule/purpose.hpp"

#include <array>
#include <string_view>

namespace certpivot::trust::rule {
namespace {

using crypto::Certificate;
using settings::Purpose;

struct Role {
  std::string_view name;
  std::string_view usage;
  bool (Certificate::*fit)() const;
  bool (Certificate::*allowed)() const;
};

constexpr Role server{"server", "serverAuth", &Certificate::fit_for_server,
                      &Certificate::allows_server};
constexpr Role client{"client", "clientAuth", &Certificate::fit_for_client,
                      &Certificate::allows_client};

struct Judged {
  Candidate const& candidate;
  Findings& findings;

  void refuse(Certificate const& certificate, std::string const& text) const {
    findings.refuse(Reason::wrong_purpose, begin(certificate) + text);
  }
  void warn(std::string const& text) const {
    findings.warn(begin(candidate.leaf->certificate) + text);
  }
  [[nodiscard]] std::string begin(Certificate const& certificate) const {
    return candidate.certificate_path + ": " + certificate.subject() + " ";
  }
};

void judge_role(Judged const& judged, Role const& role) {
  Certificate const& leaf = judged.candidate.leaf->certificate;
  std::string const name(role.name);
  std::string const usage(role.usage);
  if (!(leaf.*role.allowed)()) {
    judged.refuse(leaf, "may not be used as TLS " + name +
                            ", as its extended key usage has it: have it issued with " + usage +
                            ", or change trust.purpose");
  } else if (!(leaf.*role.fit)()) {
    judged.refuse(leaf, "may not be used as TLS " + name +
                            ", as its key usage has it: have it issued with digitalSignature");
  }
  auto const& path = judged.candidate.chain.path;
  for (std::size_t depth = 1; depth < path.size(); ++depth) {
    if ((path[depth].*role.allowed)()) continue;
    judged.refuse(path[depth], "may not issue for a TLS " + name +
                                   ", as its extended key usage has it: have the leaf issued by "
                                   "a CA with " +
                                   usage + " or without that extension");
  }
}

void judge_key_usage(Judged const& judged) {
  Certificate const& leaf = judged.candidate.leaf->certificate;
  auto const usage = leaf.key_usage();
  if (!usage || usage->digital_signature) return;
  bool const exchanges = usage->key_encipherment && leaf.key_kind() == crypto::KeyKind::rsa;
  if (exchanges) {
    judged.warn(
        "has a keyUsage without digitalSignature, so that it serves no peer of TLS 1.3 or with "
        "forward secrecy: have it issued with digitalSignature");
  } else {
    judged.refuse(leaf,
                  "has a keyUsage without digitalSignature, which TLS signs with (RFC 8446 section "
                  "4.4.2.2): have it issued with it");
  }
}

}  // namespace

Findings purpose(Candidate const& candidate, settings::Trust const& rules) {
  Findings findings;
  if (!candidate.leaf || rules.purpose == Purpose::any) return findings;
  Judged const judged{candidate, findings};
  if (rules.purpose != Purpose::client) judge_role(judged, server);
  if (rules.purpose != Purpose::server) judge_role(judged, client);
  if (findings.refusals.empty()) judge_key_usage(judged);
  if (candidate.leaf->certificate.is_ca()) {
    judged.warn(
        "is an authority (CA:TRUE): some peers reject one as a leaf, and who gets its key "
        "can issue certificates");
  }
  return findings;
}

}  // namespace certpivot::trust::rule
