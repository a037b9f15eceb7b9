#include "rollout/intake.hpp"

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
      break;
    case Look::Found::incomplete:
      decision = wait_out(look, now, Action::refuse);
      break;
    case Look::Found::bad:
      if (first_time(look, now)) decision.action = Action::refuse;
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
  if (now < until) return {Action::nothing, until, false};
  waiting_->told = true;
  return {in_the_end, std::nullopt, false};
}

Intake::Decision Intake::good(Look const& look, SteadyTime now) const {
  if (failure_ && failure_->version == look.version && failure_->retry.is_ahead(now))
    return {Action::nothing, failure_->retry.at(), false};
  return {Action::roll_out, std::nullopt, false};
}

void Intake::rollout_failed(std::string const& version, SteadyTime now) {
  if (!failure_ || failure_->version != version) failure_ = Failure{version};
  failure_->retry.failed(now);
}

}  // namespace certpivot::rollout
