#include "trust/rule/ocsp.hpp"

#include <algorithm>

namespace certpivot::trust::rule {
namespace {

using crypto::OcspAnswer;

void unanswered(std::string text, settings::Trust const& rules, Findings& findings) {
  if (rules.ocsp_mode == settings::OcspMode::soft) return findings.warn(std::move(text));
  findings.refuse(Reason::ocsp_failed, std::move(text));
}

std::string failure_in_words(OcspAnswer const& answer) {
  std::string const about = "no OCSP answer about " + answer.certificate.subject();
  if (answer.responder.empty()) {
    return about + ": it names no responder with http; name one in trust.ocsp_url";
  }
  return about + " by " + answer.responder + ": " + answer.status.error().text();
}

bool was_asked_about(crypto::Certificate const& certificate, Revocation const& known) {
  return std::any_of(known.answers.begin(), known.answers.end(),
                     [&](OcspAnswer const& answer) { return answer.certificate == certificate; });
}

}  // namespace

Findings ocsp_answers(Revocation const& known, settings::Trust const& rules) {
  Findings findings;
  for (OcspAnswer const& answer : known.answers) {
    if (!answer.status) {
      unanswered(failure_in_words(answer), rules, findings);
    } else if (answer.status->revoked) {
      findings.refuse(Reason::revoked, answer.certificate.subject() + " is " +
                                           answer.status->revoked->text() + ", says " +
                                           answer.responder + ": have it issued anew");
    }
  }
  return findings;
}

Findings ocsp(Candidate const& candidate, crypto::Anchors const* anchors, Revocation const& known,
              settings::Trust const& rules) {
  if (rules.revocation != settings::Revocation::ocsp || !candidate.leaf || anchors == nullptr)
    return {};
  Findings findings = ocsp_answers(known, rules);
  crypto::Certificate const& leaf = candidate.leaf->certificate;
  if (!anchors->contain(leaf) && !was_asked_about(leaf, known)) {
    unanswered("no OCSP answer about " + leaf.subject() +
                   ": a question needs its issuer's certificate, which is not known",
               rules, findings);
  }
  for (Refusal& one : findings.refusals) one.text = candidate.certificate_path + ": " + one.text;
  for (std::string& one : findings.warnings) one = candidate.certificate_path + ": " + one;
  return findings;
}

}  // namespace certpivot::trust::rule
