#include "rollout/lane.hpp"

#include <algorithm>
#include <utility>

#include "loop/on_worker.hpp"
#include "rollout/recover.hpp"

namespace certpivot::rollout {

namespace {
// Owed hooks: a server that starts with the machine is up within seconds, one that is broken is
// not.
constexpr Duration first_settle = std::chrono::seconds(5);
constexpr Duration longest_settle = std::chrono::minutes(5);
}  // namespace

struct Lane::Alarm {
  explicit Alarm(asio::any_io_executor const& loop) : timer(loop) {}
  asio::steady_timer timer;
};

Lane::Lane(asio::any_io_executor const& loop, World const& world, source::Watcher& watcher,
           source::Evidence& evidence, Parts parts)
    : world_(world),
      watcher_(watcher),
      evidence_(evidence),
      parts_(std::move(parts)),
      intake_(parts_.settings.source.grace),
      alarm_(std::make_unique<Alarm>(loop)),
      subscriber_(watcher_.subscribe([this] { changed(); })) {}

Lane::~Lane() { watcher_.unsubscribe(subscriber_); }

Task<void> Lane::run(std::function<void()> looked) {
  while (!stopping_) {
    changed_ = false;
    co_await look();
    if (auto const tell_first = std::exchange(looked, nullptr)) tell_first();
    if (!stopping_ && !changed_) co_await wait(next_look());
  }
  if (looked) looked();  // stopped before it could
}

Task<Pass> Lane::once(SteadyTime deadline) {
  while (true) {
    changed_ = false;
    co_await look();
    if (pass_ != Pass::nothing || stopping_ || world_.timer.now() >= deadline) co_return pass_;
    if (!changed_) co_await wait(std::min(deadline, next_look()));
  }
}

void Lane::stop() {
  stopping_ = true;
  alarm_->timer.cancel();
}

void Lane::changed() {
  changed_ = true;
  alarm_->timer.cancel();
}

Task<void> Lane::wait(SteadyTime until) {
  alarm_->timer.expires_at(until);
  boost::system::error_code woken;  // a change or a stop
  co_await alarm_->timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

SteadyTime Lane::next_look() const {
  SteadyTime next = world_.timer.now() + parts_.settings.source.poll;
  if (look_again_) next = std::min(next, *look_again_);
  if (settle_at_) next = std::min(next, *settle_at_);
  return next;
}

// Taken up again after each failure: somebody may clean the publish directory meanwhile.
Task<bool> Lane::take_up() {
  auto standing = co_await take_stock(world_, parts_);
  if (!standing) {
    if (std::exchange(trouble_, standing.error().text()) != trouble_)
      tell_event(event::Kind::failed, trouble_);
    pass_ = Pass::failed;
    co_return false;
  }
  trouble_.clear();
  in_force_ = standing->in_force;
  with_ca_ = standing->with_ca;
  rolling_out_ = true;
  in_force_ = co_await recover(world_, parts_, std::move(*standing));
  rolling_out_ = false;
  owe(in_force_.hooks_owed);
  co_return true;
}

Task<void> Lane::look() {
  look_again_.reset();
  if (!taken_up_) taken_up_ = co_await take_up();
  if (!taken_up_ || stopping_) co_return;
  if (settle_at_ && world_.timer.now() >= *settle_at_) co_await settle();

  Sight sight = co_await see();
  if (!sight.still_current) {
    if (!co_await take_stock_again()) co_return;
    sight = co_await see();
  }
  note_coverage(sight.coverage);
  if (stopping_) co_return;
  auto const decision = intake_.consider(sight.found.look, world_.timer.now());
  look_again_ = decision.look_again;
  note(sight.found, decision);
  if (decision.action == Intake::Action::roll_out) co_await roll_out(std::move(sight));
}

// All that blocks, in one visit to a worker: each visit costs as much as the parsing of a key.
Task<Lane::Sight> Lane::see() {
  Known const in_force = known();
  co_return co_await on_worker(world_.workers, [this, &in_force] {
    Sight sight;
    sight.still_current = still_current();
    // Watch first, look second: a change between the two is seen by the watch.
    sight.coverage = watcher_.arm(subscriber_, parts_.settings.source);
    sight.found = examine(parts_.settings, in_force, evidence_, world_.wall.now());
    if (sight.found.candidate) sight.number = next_number();
    return sight;
  });
}

// Somebody may have removed the publish directory, or pointed `current` elsewhere. Blocks.
bool Lane::still_current() const {
  if (!parts_.target || in_force_.generation == 0) return true;
  auto const current = parts_.target->current();
  return current && *current == in_force_.generation;
}

Task<bool> Lane::take_stock_again() {
  world_.log.warning(parts_.settings.name, "generation " + std::to_string(in_force_.generation) +
                                               " is no longer current, somebody changed " +
                                               parts_.settings.publish->directory +
                                               "; what the source holds is published anew");
  seen_in_force_.clear();
  last_generation_.reset();
  auto const standing = co_await take_stock(world_, parts_);
  if (!standing) {
    taken_up_ = false;  // and said by take_up(), the next time round
    co_return false;
  }
  in_force_ = standing->in_force;
  with_ca_ = standing->with_ca;
  co_return true;
}

Task<void> Lane::roll_out(Sight sight) {
  Examination& found = sight.found;
  if (!sight.number) {
    intake_.rollout_failed(found.look.version, world_.timer.now());
    pass_ = Pass::failed;
    tell_event(event::Kind::failed, sight.number.error().text());
    co_return;
  }

  journal::Rollout record;
  record.certificate = parts_.settings.name;
  record.generation = *sight.number;
  record.previous = in_force_.generation;
  record.digest = found.digest;
  record.leaf = found.leaf;
  event::Event accepted;
  accepted.time = world_.wall.now();
  accepted.certificate = record.certificate;
  accepted.generation = record.generation;
  accepted.leaf = record.leaf;
  tell(world_.log, accepted,
       "accepted as generation " + std::to_string(record.generation) + ": " +
           (found.leaf ? found.leaf->subject : std::string()));

  for (std::string const& warning : found.warnings)
    world_.log.warning(parts_.settings.name, warning);

  bool const with_ca = found.candidate->snapshot.ca.has_value();
  Rollout rollout(world_, parts_, in_force_, std::move(record));
  rollout.carry(std::move(found.candidate));
  rolling_out_ = true;
  Report const report = co_await rollout.run(Step::stage);
  rolling_out_ = false;

  in_force_ = report.in_force;
  last_generation_.reset();
  seen_in_force_.clear();
  if (report.ending == Ending::committed || report.ending == Ending::failed) {
    seen_in_force_ = found.snapshot_digest;
    with_ca_ = with_ca;
  }
  if (report.ending == Ending::committed) {
    last_generation_ = in_force_.generation;
    intake_.rollout_committed();
  } else {
    intake_.rollout_failed(found.look.version, world_.timer.now());
  }
  pass_ = report.ending == Ending::committed ? Pass::current : Pass::failed;
  owe(in_force_.hooks_owed);
}

// Higher than any that ever was, so that a number always means one content. Blocks.
Result<publish::Number> Lane::next_number() {
  auto const last = last_generation_ ? Result<publish::Number>(*last_generation_)
                                     : world_.journal.last_generation(parts_.settings.name);
  if (!last || !parts_.target) return last ? *last + 1 : last;
  // With nothing in force, still_current() has not looked whether the directory is there.
  if (in_force_.generation == 0)
    if (auto const ready = parts_.target->prepare(); !ready) return fail(ready.error());
  auto const numbers = parts_.target->generations();
  if (!numbers) return fail(numbers.error());
  return std::max(*last, numbers->empty() ? 0 : numbers->back()) + 1;
}

Task<void> Lane::settle() {
  rolling_out_ = true;
  Report const report = co_await settle_debt(world_, parts_, in_force_, with_ca_);
  rolling_out_ = false;
  in_force_ = report.in_force;
  owe(in_force_.hooks_owed);
}

void Lane::owe(bool owed) {
  if (!owed) {
    settle_at_.reset();
    settle_pause_ = Duration::zero();
    return;
  }
  settle_pause_ = settle_pause_ == Duration::zero() ? first_settle
                                                    : std::min(settle_pause_ * 2, longest_settle);
  settle_at_ = world_.timer.now() + settle_pause_;
}

void Lane::note(Examination const& found, Intake::Decision const& decision) {
  if (decision.found_again) tell_event(event::Kind::source_found, "the source is there again");
  pass_ = Pass::nothing;
  lacking_ = found.refusals.empty() ? "" : found.refusals.front().text;
  switch (found.look.found) {
    case Look::Found::absent:
      if (in_force_.generation == 0 && !std::exchange(waiting_said_, true))
        world_.log.notice(parts_.settings.name,
                          "waiting for the first certificate: " + found.refusals.front().text);
      break;
    case Look::Found::in_force:
      seen_in_force_ = found.snapshot_digest;
      pass_ = in_force_.hooks_owed ? Pass::failed : Pass::current;
      break;
    case Look::Found::good:
    case Look::Found::incomplete:
    case Look::Found::bad:
      break;
  }
  if (decision.action == Intake::Action::lost)
    tell_event(event::Kind::source_lost, "the source is gone, generation " +
                                             std::to_string(in_force_.generation) +
                                             " stays in force: " + found.refusals.front().text);
  if (decision.action == Intake::Action::refuse) refuse(found);
}

void Lane::refuse(Examination const& found) {
  pass_ = Pass::refused;
  event::Event refused;
  refused.time = world_.wall.now();
  refused.kind = event::Kind::refused;
  refused.certificate = parts_.settings.name;
  refused.leaf = found.leaf;
  std::string sentence = "refused";
  for (trust::Refusal const& refusal : found.refusals) {
    refused.reasons.push_back({std::string(code(refusal.reason)), refusal.text});
    sentence += (refused.reasons.size() == 1 ? ": " : "; also ") + refusal.text;
  }
  sentence += in_force_.generation == 0
                  ? "; nothing is in force yet"
                  : "; generation " + std::to_string(in_force_.generation) + " stays in force";
  tell(world_.log, refused, sentence);
}

void Lane::note_coverage(source::Coverage const& coverage) {
  if (std::exchange(coverage_, coverage) == coverage || coverage.why.empty()) return;
  world_.log.warning(parts_.settings.name, coverage.why);
}

Known Lane::known() const { return {in_force_.digest, seen_in_force_, in_force_.leaf}; }

void Lane::tell_event(event::Kind kind, std::string const& sentence) const {
  event::Event about;
  about.time = world_.wall.now();
  about.kind = kind;
  about.certificate = parts_.settings.name;
  about.generation = in_force_.generation;
  tell(world_.log, about, sentence);
}

}  // namespace certpivot::rollout
