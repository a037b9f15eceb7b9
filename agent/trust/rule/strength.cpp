#include "trust/rule/strength.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace certpivot::trust::rule {
namespace {

using crypto::Certificate;
using crypto::KeyKind;

std::string compared(Certificate const& certificate, std::string const& kind, unsigned least) {
  unsigned const bits = certificate.key_bits();
  if (bits >= least) return {};
  return "the " + kind + " key of " + certificate.subject() + " has " + std::to_string(bits) +
         " bits, fewer than the " + std::to_string(least) +
         " that are asked for: have it issued for a larger key";
}

// RFC 8446 section 4.2.3 knows keys on these only.
bool on_curve_of_tls(std::string_view key) {
  static constexpr std::array known{"EC P-256", "EC P-384", "EC P-521"};
  return std::find(known.begin(), known.end(), key) != known.end();
}

// Peers offer the curves of TLS 1.3 only, in TLS 1.2, too: no handshake comes about on another one.
void judge_curve(Candidate const& candidate, settings::Trust const& rules, Findings& findings) {
  Leaf const& leaf = *candidate.leaf;
  if (leaf.certificate.key_kind() != KeyKind::ec || on_curve_of_tls(leaf.facts.key)) return;
  std::string text = candidate.certificate_path + ": the key of " + leaf.facts.subject + ", " +
                     leaf.facts.key +
                     ", is on a curve that TLS 1.3 does not use (RFC 8446 section 4.2.3): peers "
                     "fail the handshake, have it issued for a P-256 key";
  if (rules.purpose == settings::Purpose::any) {
    findings.warn(std::move(text));
  } else {
    findings.refuse(Reason::weak_key, std::move(text));
  }
}

}  // namespace

std::string weakness(Certificate const& certificate, settings::Trust const& rules) {
  switch (certificate.key_kind()) {
    case KeyKind::rsa:
      return compared(certificate, "RSA", rules.min_rsa_bits);
    case KeyKind::ec:
      return compared(certificate, "EC", rules.min_ec_bits);
    case KeyKind::edwards:
    case KeyKind::post_quantum:
      return {};  // Each name stands for one size, none of which is weak.
    case KeyKind::other:
      break;
  }
  return "the key of " + certificate.subject() + " is of a kind that TLS has no signatures for, " +
         certificate.key() +
         " (RFC 8446 section 4.2.3): have it issued for an RSA, EC or Ed25519 "
         "key";
}

Findings strength(Candidate const& candidate, settings::Trust const& rules) {
  Findings findings;
  if (!candidate.leaf) return findings;
  auto const judge_key = [&](Certificate const& certificate) {
    std::string const weak = weakness(certificate, rules);
    if (!weak.empty()) findings.refuse(Reason::weak_key, candidate.certificate_path + ": " + weak);
  };
  Leaf const& leaf = *candidate.leaf;
  judge_key(leaf.certificate);
  for (Certificate const& above : candidate.chain.intermediates()) judge_key(above);
  if (findings.refusals.empty()) judge_curve(candidate, rules, findings);
  return findings;
}

}  // namespace certpivot::trust::rule
