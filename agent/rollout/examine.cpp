#include "rollout/examine.hpp"

#include <utility>

#include "crypto/certificate.hpp"
#include "publish/formats.hpp"
#include "rollout/bundle_rotation.hpp"
#include "rollout/revocation.hpp"
#include "source/read.hpp"
#include "trust/judge.hpp"

namespace certpivot::rollout {

namespace {

trust::Reason reason_of(source::FaultKind kind) {
  switch (kind) {
    case source::FaultKind::not_regular:
      return trust::Reason::not_regular;
    case source::FaultKind::too_large:
      return trust::Reason::too_large;
    case source::FaultKind::missing:
    case source::FaultKind::unreadable:
    case source::FaultKind::changing:
      break;
  }
  return trust::Reason::unreadable;
}

// The directory is gone, or none of the files that the source cannot do without is there.
bool is_absent(settings::Source const& source, std::vector<source::Fault> const& faults) {
  std::size_t missing = 0;
  for (source::Fault const& fault : faults) {
    if (fault.kind != source::FaultKind::missing) continue;
    if (fault.path == source.directory) return true;
    ++missing;
  }
  std::size_t const required = (source.bundle.empty() ? 2U : 1U) + (source.ca_required ? 1U : 0U);
  return missing >= required;
}

Examination of_faults(settings::Source const& source, std::vector<source::Fault> const& faults) {
  Examination answer;
  answer.look.found = is_absent(source, faults) ? Look::Found::absent : Look::Found::incomplete;
  for (source::Fault const& fault : faults) {
    answer.refusals.push_back({reason_of(fault.kind), fault.text});
    answer.look.version += fault.text + "\n";
  }
  return answer;
}

std::string version_of(std::string const& digest, std::vector<trust::Refusal> const& refusals) {
  std::string version = digest;
  for (trust::Refusal const& refusal : refusals) version += " " + std::string(code(refusal.reason));
  return version;
}

std::vector<std::string> extras_of(settings::Certificate const& settings,
                                   std::string_view certificate) {
  if (!settings.publish) return {};
  return publish::extra_names(*settings.publish, certificate);
}

std::string digest_as_read(settings::Certificate const& settings,
                           source::Snapshot const& snapshot) {
  publish::Content content{snapshot.certificate.bytes.view(), snapshot.key.bytes.view(), {}, {}};
  content.extras = extras_of(settings, content.certificate);
  if (snapshot.ca) content.ca = snapshot.ca->bytes.view();
  if (snapshot.crl) content.crl = snapshot.crl->bytes.view();
  return digest_of(content);
}

// Whether it is in force already: then the answer says so, and nothing had to be parsed.
bool recognise(settings::Certificate const& settings, source::Snapshot const& snapshot,
               Known const& known, Examination& answer) {
  if (known.anew || answer.evidence_version != known.evidence_version) return false;
  bool const seen = !known.snapshot_digest.empty() && known.snapshot_digest == snapshot.digest;
  if (!seen) {
    // Published as it was read, which is the rule: then a restart need not parse anything.
    if (known.digest.empty() || digest_as_read(settings, snapshot) != known.digest) return false;
    answer.digest = known.digest;
    answer.leaf = known.leaf;
  }
  answer.look.found = Look::Found::in_force;
  return true;
}

void append(std::vector<std::string>& all, std::vector<std::string> more) {
  for (std::string& one : more) all.push_back(std::move(one));
}

using ContentInForce = Result<std::optional<UnderChange>>;

// As it is published. Where it is what the snapshot holds, it need not have been read back.
std::string crl_in_force(ContentInForce const& in_force, source::Snapshot const& snapshot,
                         Known const& known) {
  if (in_force && *in_force) return (*in_force)->content.crl.value_or("");
  if (!snapshot.crl || known.bundle.crl_digest.empty()) return {};
  std::string_view const bytes = snapshot.crl->bytes.view();
  return crypto::digest({bytes}) == known.bundle.crl_digest ? std::string(bytes) : std::string();
}

trust::Current current_of(ContentInForce const& in_force, source::Snapshot const& snapshot,
                          Known const& known) {
  trust::Current current{.leaf = known.leaf, .revoked = known.revoked};
  current.crl_pem = crl_in_force(in_force, snapshot, known);
  if (in_force && *in_force && (*in_force)->bundle) {
    current.certificate_pem = (*in_force)->content.certificate;
    current.ca_pem = (*in_force)->content.ca.value_or("");
  }
  return current;
}

std::unique_ptr<Candidate> judged(settings::Certificate const& settings, source::Snapshot snapshot,
                                  ContentInForce const& in_force, Known const& known,
                                  source::Evidence& evidence, WallTime now) {
  auto candidate = std::make_unique<Candidate>();
  candidate->snapshot = std::move(snapshot);
  trust::Verdict& verdict = candidate->verdict;
  auto current = current_of(in_force, candidate->snapshot, known);
  verdict = judge(settings, candidate->snapshot, std::move(current), evidence, now);
  // Nothing can be said about the change then.
  if (!in_force) verdict.refusals.push_back({trust::Reason::unreadable, in_force.error().text()});
  candidate->extras = extras_of(settings, verdict.certificate_pem);
  return candidate;
}

// What becomes of the CA bundle and the CRL in force, with the candidate or without its pair.
void take_change(settings::Certificate const& settings, UnderChange in_force, Known const& known,
                 WallTime now, Candidate& candidate, Examination& answer) {
  BundleRotation rotation;
  if (in_force.bundle) rotation = rotate_bundle(in_force.content, settings, candidate, now);
  candidate.ca_pem = std::move(rotation.ca_pem);
  auto crl_changes = crl_warnings(in_force.content, settings, candidate);
  auto const& leaf = candidate.verdict.leaf;
  bool const pair_changes = known.leaf && leaf && known.leaf->fingerprint != leaf->fingerprint;
  // A server that no peer accepts any more could not prove that it serves the old pair.
  bool const old_holds = known.leaf && known.leaf->not_after > now && !known.revoked;
  if (!candidate.verdict.accepted() || candidate.verdict.due) {
    answer.trust_alone = without_pair(std::move(in_force), candidate, known, now);
  } else if (pair_changes && old_holds && !rotation.both_pem.empty()) {
    answer.trust_first = std::make_unique<BundleAlone>();
    answer.trust_first->ca_pem = std::move(rotation.both_pem);
    answer.trust_first->in_force = std::move(in_force.content);
  }
  // What is said to change must be what is published.
  bool const accepted = candidate.verdict.accepted();
  if (accepted || (answer.trust_alone && answer.trust_alone->ca_pem == candidate.ca_pem))
    append(answer.warnings, std::move(rotation.warnings));
  if (accepted || (answer.trust_alone && candidate.verdict.crl_usable))
    append(answer.warnings, std::move(crl_changes));
}

// Nothing is published any more, and yet peers may need an anchor that was.
void take_up_anchors(settings::Certificate const& settings, std::string const& lost_ca,
                     WallTime now, Candidate& candidate, Examination& answer) {
  publish::StoredContent before;
  before.ca = lost_ca;
  BundleRotation rotation = rotate_bundle(before, settings, candidate, now);
  candidate.ca_pem = std::move(rotation.ca_pem);
  append(answer.warnings, std::move(rotation.warnings));
}

void conclude(std::unique_ptr<Candidate> candidate, Known const& known, WallTime now,
              Examination& answer) {
  trust::Verdict const& verdict = candidate->verdict;
  if (!verdict.certificate_pem.empty()) answer.digest = digest_of(candidate->content());
  answer.look.version = version_of(candidate->snapshot.digest, verdict.refusals);
  // What is in force is never refused after the fact, however old it has become.
  if (!known.digest.empty() && answer.digest == known.digest) {
    answer.look.found = Look::Found::in_force;
  } else if (verdict.accepted() && verdict.due) {
    answer.look.found = Look::Found::early;
    answer.look.due_in = std::chrono::ceil<Duration>(*verdict.due - now);
    answer.due = verdict.due;
  } else if (verdict.accepted()) {
    answer.look.found = Look::Found::good;
    answer.candidate = std::move(candidate);
  } else {
    answer.look.found = verdict.incomplete() ? Look::Found::incomplete : Look::Found::bad;
  }
}

}  // namespace

trust::Verdict judge(settings::Certificate const& settings, source::Snapshot const& snapshot,
                     trust::Current current, source::Evidence& evidence, WallTime now) {
  auto const anchors = evidence.anchors(settings.trust.anchors, snapshot);
  trust::Question question{snapshot, settings.trust, {}, {}, std::move(current), now, {}};
  if (anchors)
    question.anchors = *anchors;
  else
    question.anchors_failure = anchors.error().text();
  question.anchors_name = source::Evidence::anchors_name(settings.trust.anchors, snapshot);
  question.revocation = revocation_known(settings, snapshot, question.anchors.get(), evidence, now);
  return trust::judge(question);
}

Examination examine(settings::Certificate const& settings, Known const& known,
                    source::Evidence& evidence, WallTime now) {
  // Before they are read: a CRL that changes in between is noticed next time.
  std::string evidence_version = source::Evidence::version(settings);
  auto read = source::read(settings.source);
  Examination answer = read ? Examination{} : of_faults(settings.source, read.error());
  answer.evidence_version = std::move(evidence_version);
  if (!read) return answer;

  answer.snapshot_digest = read->digest;
  if (recognise(settings, *read, known, answer)) return answer;

  auto in_force = content_under_change(settings, *read, known);
  auto candidate = judged(settings, std::move(*read), in_force, known, evidence, now);
  answer.refusals = candidate->verdict.refusals;
  answer.warnings = candidate->verdict.warnings;
  answer.leaf = candidate->verdict.leaf;
  if (in_force && *in_force)
    take_change(settings, std::move(**in_force), known, now, *candidate, answer);
  else if (!known.lost_ca.empty() && !settings.source.ca.empty())
    take_up_anchors(settings, known.lost_ca, now, *candidate, answer);
  conclude(std::move(candidate), known, now, answer);
  return answer;
}

}  // namespace certpivot::rollout
