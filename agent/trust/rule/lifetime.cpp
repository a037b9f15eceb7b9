#include "trust/rule/lifetime.hpp"

namespace certpivot::trust::rule {
namespace {

struct Validity {
  CertificateFacts const& facts;
  settings::Trust const& rules;
  WallTime now;
  std::string subject;  ///< the file and the leaf, which begin each sentence
};

void judge_start(Validity const& leaf, Findings& findings) {
  WallTime const start = leaf.facts.not_before;
  if (start <= leaf.now) return;
  if (start <= leaf.now + leaf.rules.skew) return findings.wait_until(start);
  findings.refuse(Reason::not_yet_valid, leaf.subject + " is not valid before " +
                                             to_rfc3339_seconds(start) +
                                             ": check the clock, wait, or allow for it by "
                                             "trust.skew");
}

void judge_whole(Validity const& leaf, Findings& findings) {
  Duration const whole = leaf.facts.not_after - leaf.facts.not_before;
  Duration const most = leaf.rules.max_lifetime;
  if (most == Duration::zero() || whole <= most) return;
  findings.refuse(Reason::max_lifetime, leaf.subject + " is issued for " + to_text(whole) +
                                            ", by " + to_text(whole - most) +
                                            " longer than trust.max_lifetime, " + to_text(most) +
                                            ": have it issued for a shorter time");
}

void judge_rest(Validity const& leaf, Findings& findings) {
  CertificateFacts const& facts = leaf.facts;
  if (facts.not_after <= leaf.now) {
    findings.refuse(Reason::expired, leaf.subject + " expired at " +
                                         to_rfc3339_seconds(facts.not_after) + ": renew it");
    return;
  }
  Duration const left = facts.not_after - leaf.now;
  Duration const wanted = leaf.rules.min_remaining.of(facts.not_after - facts.not_before);
  if (left >= wanted) return;
  findings.refuse(Reason::min_remaining, leaf.subject + " is valid for another " + to_text(left) +
                                             ", and trust.min_remaining asks for " +
                                             to_text(wanted) + ": renew it");
}

}  // namespace

Findings lifetime(Candidate const& candidate, settings::Trust const& rules, WallTime now) {
  Findings findings;
  if (!candidate.leaf) return findings;
  CertificateFacts const& facts = candidate.leaf->facts;
  Validity const leaf{facts, rules, now, candidate.certificate_path + ": " + facts.subject};
  judge_start(leaf, findings);
  judge_whole(leaf, findings);
  judge_rest(leaf, findings);
  return findings;
}

}  // namespace certpivot::trust::rule
