#include "command/check_in_force.hpp"

#include <algorithm>
#include <utility>

#include "rollout/recover.hpp"
#include "rollout/revocation.hpp"
#include "rollout/revocation_watch.hpp"
#include "rollout/rollout.hpp"

namespace certpivot::command {

namespace {

// 0 also where `current` names one that is not there.
publish::Number number_in_force(publish::Target& target) {
  auto const current = target.current();
  auto const numbers = target.generations();
  if (!current || !numbers) return 0;
  bool const there = std::find(numbers->begin(), numbers->end(), *current) != numbers->end();
  return there ? *current : 0;
}

}  // namespace

InForce read_in_force(settings::Certificate const& settings, publish::Target& target,
                      source::Evidence& evidence, WallTime now) {
  InForce in_force;
  rollout::Known& known = in_force.known;
  known.generation = number_in_force(target);
  if (known.generation == 0) return in_force;
  auto const content = target.load(known.generation);
  if (!content) return in_force;
  in_force.revoked = rollout::revoked_in_force(settings, content->view(), evidence, now);
  in_force.kept = trust::kept_subjects(content->ca.value_or(""));
  known.digest = rollout::digest_of(content->view());
  known.leaf = rollout::facts_of(content->certificate);
  known.bundle = rollout::bundle_of(content->view());
  known.target = &target;
  known.revoked = in_force.revoked && in_force.revoked->has_value();
  return in_force;
}

void tell_in_force(CheckReport& report, InForce in_force, WallTime now) {
  report.generation = in_force.known.generation;
  report.way_back = rollout::worth_going_back(report.generation, in_force.known.leaf, now);
  report.kept = std::move(in_force.kept);
  if (!in_force.revoked) {
    report.warn(rollout::about_in_force(report.generation) + in_force.revoked.error().text());
  } else if (*in_force.revoked) {
    report.revoked = **in_force.revoked;
    report.state = CheckState::critical;
  }
}

}  // namespace certpivot::command
