#include "support/memory_journal.hpp"

#include <algorithm>
#include <utility>

namespace certpivot::testing {

using journal::InForce;
using journal::Rollout;
using journal::RolloutId;

MemoryJournal::MemoryJournal(Script& script) : script_(script) {}

template <class Answer, class Step>
Result<Answer> MemoryJournal::call(std::string const& name, Step step) const {
  if (auto planned = script_.enter("journal." + name); !planned) return fail(planned.error());
  Result<Answer> answer = [&] {
    std::scoped_lock const alone(mutex_);
    return step();
  }();
  script_.leave();
  return answer;
}

Rollout* MemoryJournal::under_way(RolloutId id) {
  auto const found = std::find_if(rollouts_.begin(), rollouts_.end(), [id](Rollout const& rollout) {
    return rollout.id == id && rollout.outcome.empty();
  });
  return found == rollouts_.end() ? nullptr : &*found;
}

void MemoryJournal::put_in_force(std::string const& certificate, InForce const& in_force) {
  in_force_[certificate] = in_force;
  last_generation_[certificate] = std::max(last_generation_[certificate], in_force.generation);
}

Result<RolloutId> MemoryJournal::begin(Rollout const& rollout) {
  std::string const name =
      "begin " + rollout.certificate + " " + std::to_string(rollout.generation);
  return call<RolloutId>(name, [&] {
    Rollout& begun = rollouts_.emplace_back(rollout);
    begun.id = static_cast<RolloutId>(rollouts_.size());
    last_generation_[rollout.certificate] =
        std::max(last_generation_[rollout.certificate], rollout.generation);
    return Result<RolloutId>(begun.id);
  });
}

Result<void> MemoryJournal::about_to(RolloutId id, std::string const& step,
                                     std::string const& reason, journal::Outlives /*outlives*/) {
  return call<void>("about_to " + step, [&]() -> Result<void> {
    Rollout* const rollout = under_way(id);
    if (rollout == nullptr) return fail("cannot write to the journal", {}, "it is not under way");
    rollout->step = step;
    rollout->reason = reason;
    return {};
  });
}

Result<void> MemoryJournal::end(RolloutId id, std::string const& outcome, std::string const& reason,
                                WallTime when, InForce const& in_force) {
  return call<void>("end " + outcome, [&]() -> Result<void> {
    Rollout* const rollout = under_way(id);
    if (rollout == nullptr) return fail("cannot write to the journal", {}, "it is not under way");
    rollout->outcome = outcome;
    rollout->reason = reason;
    rollout->ended = when;
    put_in_force(rollout->certificate, in_force);
    return {};
  });
}

Result<std::vector<Rollout>> MemoryJournal::unfinished(std::string const& certificate) const {
  return call<std::vector<Rollout>>("unfinished " + certificate, [&] {
    std::vector<Rollout> found;
    for (Rollout const& rollout : rollouts_)
      if (rollout.certificate == certificate && rollout.outcome.empty()) found.push_back(rollout);
    return Result<std::vector<Rollout>>(std::move(found));
  });
}

Result<InForce> MemoryJournal::in_force(std::string const& certificate) const {
  return call<InForce>("in_force " + certificate, [&] {
    auto const found = in_force_.find(certificate);
    return Result<InForce>(found == in_force_.end() ? InForce() : found->second);
  });
}

Result<void> MemoryJournal::remember_bundle(std::string const& certificate,
                                            std::string const& ca_pem) {
  return call<void>("remember_bundle " + certificate, [&]() -> Result<void> {
    bundles_[certificate] = ca_pem;
    return {};
  });
}

Result<std::string> MemoryJournal::last_bundle(std::string const& certificate) const {
  return call<std::string>("last_bundle " + certificate, [&] {
    auto const found = bundles_.find(certificate);
    return Result<std::string>(found == bundles_.end() ? std::string() : found->second);
  });
}

Result<std::uint64_t> MemoryJournal::last_generation(std::string const& certificate) const {
  return call<std::uint64_t>("last_generation " + certificate, [&] {
    auto const found = last_generation_.find(certificate);
    return Result<std::uint64_t>(found == last_generation_.end() ? 0 : found->second);
  });
}

Result<std::vector<Rollout>> MemoryJournal::history(std::string const& certificate,
                                                    std::size_t most) const {
  return call<std::vector<Rollout>>("history " + certificate, [&] {
    std::vector<Rollout> found;
    for (auto rollout = rollouts_.rbegin(); rollout != rollouts_.rend(); ++rollout)
      if (rollout->certificate == certificate && found.size() < most) found.push_back(*rollout);
    return Result<std::vector<Rollout>>(std::move(found));
  });
}

void MemoryJournal::lose() {
  std::scoped_lock const alone(mutex_);
  rollouts_.clear();
  in_force_.clear();
  bundles_.clear();
  last_generation_.clear();
}

std::vector<Rollout> MemoryJournal::rollouts() const {
  std::scoped_lock const alone(mutex_);
  return rollouts_;
}

}  // namespace certpivot::testing
