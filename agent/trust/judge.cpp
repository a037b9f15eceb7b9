#include "trust/judge.hpp"

#include <string_view>
#include <utility>

#include "trust/candidate.hpp"
#include "trust/path_first.hpp"
#include "trust/rule/access.hpp"
#include "trust/rule/authorities.hpp"
#include "trust/rule/bundle.hpp"
#include "trust/rule/chain.hpp"
#include "trust/rule/crl.hpp"
#include "trust/rule/lifetime.hpp"
#include "trust/rule/names.hpp"
#include "trust/rule/ocsp.hpp"
#include "trust/rule/pair.hpp"
#include "trust/rule/purpose.hpp"
#include "trust/rule/rotation.hpp"
#include "trust/rule/source_crl.hpp"
#include "trust/rule/spiffe.hpp"
#include "trust/rule/strength.hpp"

namespace certpivot::trust {
namespace {

// Then what follows from it is not told as well.
bool is_bundle_refused(Question const& question, Candidate const& candidate) {
  return question.snapshot.ca && !candidate.bundle_usable;
}

bool lacks_its_anchors(Question const& question, Candidate const& candidate) {
  return !question.anchors && question.rules.anchors.empty() &&
         is_bundle_refused(question, candidate);
}

Findings bundle_findings(Question const& question, Candidate const& candidate, bool pair_refused) {
  if (is_bundle_refused(question, candidate)) return {};
  auto const& ca = question.snapshot.ca;
  std::string_view const as_read = ca ? ca->bytes.view() : std::string_view();
  return rule::bundle(candidate, pair_refused,
                      candidate.ca_pem.empty() ? as_read : candidate.ca_pem, question.current,
                      question.rules, question.now);
}

}  // namespace

Verdict judge(Question const& question) {
  settings::Trust const& rules = question.rules;
  Candidate candidate = read_candidate(question.snapshot, question.anchors.get());
  candidate.anchors_name = question.anchors_name;
  Findings findings = std::move(candidate.findings);
  candidate.chain = rule::follow_chain(candidate, question.anchors.get(), rules,
                                       question.revocation, question.now);
  findings.add(put_path_first(candidate));
  findings.add(rule::pair(candidate));
  if (!lacks_its_anchors(question, candidate))
    findings.add(rule::chain(candidate, question.anchors.get(), question.anchors_failure, rules,
                             question.now));
  rule::SourceCrl source_crl = rule::source_crl(question, candidate);
  findings.add(rule::crl(candidate, question.revocation, source_crl.refused, rules, question.now));
  findings.add(rule::crl_files(question.revocation));
  findings.add(std::move(source_crl.findings));
  findings.add(rule::ocsp(candidate, question.anchors.get(), question.revocation, rules));
  findings.add(rule::lifetime(candidate, rules, question.now));
  findings.add(rule::purpose(candidate, rules));
  findings.add(rule::names(candidate, rules));
  findings.add(rule::spiffe(candidate, rules));
  findings.add(rule::strength(candidate, rules));
  findings.add(rule::rotation(candidate, question.current, rules, question.now));
  if (question.snapshot.has_key()) findings.add(rule::access(question.snapshot.key.facts, rules));
  findings.add(rule::authorities(candidate, question.now));
  bool const pair_refused = !findings.refusals.empty();
  findings.add(bundle_findings(question, candidate, pair_refused));
  Verdict verdict{.refusals = std::move(findings.refusals),
                  .warnings = std::move(findings.warnings),
                  .certificate_pem = std::move(candidate.certificate_pem),
                  .key_begin = candidate.key_begin,
                  .key_size = candidate.key_size,
                  .key_pem = std::move(candidate.key_pem),
                  .bundle_usable = candidate.bundle_usable,
                  .crl_usable = source_crl.usable,
                  .ca_pem = std::move(candidate.ca_pem),
                  .crl_pem = rule::converted_crl(question)};
  if (verdict.accepted()) verdict.due = findings.due;
  if (candidate.leaf) verdict.leaf = std::move(candidate.leaf->facts);
  return verdict;
}

}  // namespace certpivot::trust
