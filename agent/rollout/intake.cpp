#include "rollout/intake.hpp"

#include <algorithm>

namespace certpivot::rollout {

Intake::Decision Intake::consider(Look const& look, SteadyTime now) {
  bool const found_again = lost_ && look.found != Look::Found::absent;
  if (look.found != Look::Found::absent) {
    seen_ = true;
    lost_ = false;
  }
  Decision decision;
  switch (look.found) {
    case Look::Found::absent:
      if (seen_ && !lost_) decision = wait_out(look, now, Action::lost);
      break;
    case Look::Found::in_force:
      waiting_.reset();
      break;
    case Look::Found::good:
      waiting_.reset();
      decision = good(look, now);
      break;
    case Look::Found::early:
      if (first_time(look, now)) decision.action = Action::wait;
      decision.look_again = now + look.due_in;
      let_trust_go(look, now, decision);
      break;
    case Look::Found::incomplete:
      decision = wait_out(look, now, Action::refuse);
      let_trust_go(look, now, decision);
      break;
    case Look::Found::bad:
      if (first_time(look, now)) decision.action = Action::refuse;
      let_trust_go(look, now, decision);
      break;
  }
  if (decision.action == Action::lost) lost_ = true;
  decision.found_again = found_again;
  return decision;
}

bool Intake::first_time(Look const& look, SteadyTime now) {
  bool const told = waiting_ && waiting_->version == look.version && waiting_->told;
  if (!told) waiting_ = Waiting{look.version, now, true};
  return !told;
}

Intake::Decision Intake::wait_out(Look const& look, SteadyTime now, Action in_the_end) {
  if (!waiting_ || waiting_->version != look.version) waiting_ = Waiting{look.version, now, false};
  if (waiting_->told) return {};
  SteadyTime const until = waiting_->since + grace_;
  if (now < until) return {Action::nothing, until};
  waiting_->told = true;
  return {in_the_end, std::nullopt};
}

std::optional<SteadyTime> Intake::pause_of(Look const& look, SteadyTime now) const {
  bool const pauses =
      failure_ && failure_->version == look.version && failure_->retry.is_ahead(now);
  return pauses ? failure_->retry.at() : std::nullopt;
}

Intake::Decision Intake::good(Look const& look, SteadyTime now) const {
  if (auto const pause = pause_of(look, now)) return {Action::nothing, pause};
  return {Action::roll_out, std::nullopt};
}

void Intake::let_trust_go(Look const& look, SteadyTime now, Decision& decision) const {
  if (!waiting_ || !waiting_->told) return;
  auto const pause = pause_of(look, now);
  decision.trust_alone = !pause;
  if (pause) decision.look_again = std::min(decision.look_again.value_or(*pause), *pause);
}

void Intake::rollout_failed(std::string const& version, SteadyTime now) {
  if (!failure_ || failure_->version != version) failure_ = Failure{version};
  failure_->retry.failed(now);
}

}  // namespace certpivot::rollout
