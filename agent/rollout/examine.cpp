#include "rollout/examine.hpp"

#include <algorithm>
#include <utility>

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

// How many files a source cannot do without.
std::size_t required_files(settings::Source const& source) {
  return (source.bundle.empty() ? 2U : 1U) + (source.ca_required ? 1U : 0U);
}

Examination of_faults(settings::Source const& source, std::vector<source::Fault> const& faults) {
  Examination answer;
  auto const missing = std::count_if(faults.begin(), faults.end(), [](source::Fault const& fault) {
    return fault.kind == source::FaultKind::missing;
  });
  bool const absent = static_cast<std::size_t>(missing) >= required_files(source);
  answer.look.found = absent ? Look::Found::absent : Look::Found::incomplete;
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

trust::Verdict ask(settings::Certificate const& settings, source::Snapshot const& snapshot,
                   Known const& known, source::Evidence& evidence, WallTime now) {
  auto const anchors = evidence.anchors(settings.trust.anchors, snapshot);
  trust::Question question{snapshot, settings.trust, {}, {}, known.leaf, now};
  if (anchors)
    question.anchors = *anchors;
  else
    question.anchors_failure = anchors.error().text();
  return trust::judge(question);
}

}  // namespace

Examination examine(settings::Certificate const& settings, Known const& known,
                    source::Evidence& evidence, WallTime now) {
  auto read = source::read(settings.source);
  if (!read) return of_faults(settings.source, read.error());

  Examination answer;
  answer.snapshot_digest = read->digest;
  if (!known.snapshot_digest.empty() && known.snapshot_digest == read->digest) {
    answer.look.found = Look::Found::in_force;
    return answer;
  }
  auto candidate = std::make_unique<Candidate>();
  candidate->snapshot = std::move(*read);
  candidate->verdict = ask(settings, candidate->snapshot, known, evidence, now);
  trust::Verdict const& verdict = candidate->verdict;
  answer.refusals = verdict.refusals;
  answer.warnings = verdict.warnings;
  answer.leaf = verdict.leaf;
  if (!verdict.certificate_pem.empty()) answer.digest = digest_of(candidate->content());
  answer.look.version = version_of(candidate->snapshot.digest, verdict.refusals);
  // What is in force is never refused after the fact, however old it has become.
  if (!known.digest.empty() && answer.digest == known.digest) {
    answer.look.found = Look::Found::in_force;
  } else if (verdict.accepted()) {
    answer.look.found = Look::Found::good;
    answer.candidate = std::move(candidate);
  } else {
    answer.look.found = verdict.incomplete() ? Look::Found::incomplete : Look::Found::bad;
  }
  return answer;
}

}  // namespace certpivot::rollout
