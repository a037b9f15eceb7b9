#include "rollout/lane.hpp"

#include <algorithm>
#include <utility>

#include "base/units.hpp"
#include "loop/on_worker.hpp"
#include "rollout/bundle_rotation.hpp"
#include "rollout/due.hpp"
#include "rollout/recover.hpp"

namespace certpivot::rollout {

namespace {

using namespace asio::experimental::awaitable_operators;

// Owed hooks: a server that starts with the machine is up within seconds, one that is broken is
// not.
constexpr Duration first_settle = std::chrono::seconds(5);
constexpr Duration longest_settle = std::chrono::minutes(5);
}  // namespace

Lane::Lane(asio::any_io_executor const& loop, World const& world, source::Watcher& watcher,
           source::Evidence& evidence, Parts parts)
    : world_(world),
      watcher_(watcher),
      evidence_(evidence),
      parts_(std::move(parts)),
      voice_(world, parts_.settings.name),
      served_(loop, world_, parts_, voice_),
      intake_(parts_.settings.source.grace),
      alarm_(loop),
      subscriber_(watcher_.subscribe([this] { changed(); })),
      debt_(first_settle, longest_settle) {
  for (ConfiguredHook& hook : parts_.hooks) hook.group = world_.groups.of(hook.settings);
}

Lane::~Lane() { watcher_.unsubscribe(subscriber_); }

Task<void> Lane::run(std::function<void()> looked) {
  auto looks = follow_source(std::move(looked));
  co_await (std::move(looks) && served_.run());
}

Task<void> Lane::follow_source(std::function<void()> looked) {
  follows_ = true;
  while (!stopping_) {
    changed_ = false;
    co_await look();
    if (auto const tell_first = std::exchange(looked, nullptr)) tell_first();
    if (!stopping_ && !changed_) co_await alarm_.wait_until(next_look());
  }
  if (looked) looked();  // stopped before it could
}

Task<Pass> Lane::once(SteadyTime deadline) {
  while (true) {
    changed_ = false;
    co_await look();
    if (pass_ != Pass::nothing || stopping_ || world_.timer.now() >= deadline) co_return pass_;
    if (!changed_) co_await alarm_.wait_until(std::min(deadline, next_look()));
  }
}

void Lane::stop() {
  stopping_ = true;
  served_.stop();
  alarm_.ring();
}

void Lane::try_again() {
  SteadyTime const now = world_.timer.now();
  intake_.hurry(now);
  debt_.hurry(now);
  grace_end_.hurry(now);
  changed();
}

void Lane::hurry() {
  for (ConfiguredHook const& hook : parts_.hooks) hook.group->hurry();
}

void Lane::changed() {
  changed_ = true;
  alarm_.ring();
}

SteadyTime Lane::coming(WallTime moment) const {
  return due_at(moment, world_.wall.now(), world_.timer.now(), parts_.settings.source.poll);
}

SteadyTime Lane::next_look() const {
  SteadyTime const now = world_.timer.now();
  SteadyTime next = now + parts_.settings.source.poll;
  if (!taken_up_) return next;  // until then nothing of what is due could be done
  if (look_again_) next = std::min(next, *look_again_);
  if (debt_.at()) next = std::min(next, *debt_.at());
  if (bundle_.kept_until) {
    SteadyTime const over = coming(*bundle_.kept_until);
    next = std::min(next, std::max(over, grace_end_.at().value_or(over)));
  }
  if (auto const end = crl_ends_.next(bundle_.crl_ends)) next = std::min(next, coming(*end));
  return next;
}

// It is over, too, where it was to last longer than it may: because publish.ca_grace was made
// shorter, or because a clock was wrong.
bool Lane::grace_is_over() const {
  if (!bundle_.kept_until || grace_end_.is_ahead(world_.timer.now())) return false;
  WallTime const now = world_.wall.now();
  auto const longest =
      std::chrono::ceil<std::chrono::seconds>(now + parts_.settings.publish->ca_grace);
  return *bundle_.kept_until <= now || *bundle_.kept_until > longest;
}

// Taken up again after each failure: somebody may clean the publish directory meanwhile.
Task<bool> Lane::take_up() {
  auto standing = co_await take_stock(world_, parts_);
  if (!standing) {
    if (std::exchange(trouble_, standing.error().text()) != trouble_)
      voice_.say(event::Kind::failed, in_force_, trouble_);
    pass_ = Pass::failed;
    co_return false;
  }
  trouble_.clear();
  begin_rollout();
  Standing const recovered = co_await recover(world_, parts_, std::move(*standing));
  bundle_ = recovered.bundle;
  lost_ca_ = recovered.lost_ca;
  end_rollout(recovered.in_force, false);
  co_return true;
}

Task<void> Lane::look() {
  look_again_.reset();
  if (!taken_up_) taken_up_ = co_await take_up();
  if (!taken_up_ || stopping_) co_return;
  if (debt_.at() && !debt_.is_ahead(world_.timer.now())) co_await settle();
  if (grace_is_over()) co_await end_grace();
  if (stopping_) co_return;

  Sight sight = co_await see();
  if (!sight.still_current) {
    if (!co_await take_stock_again()) co_return;
    sight = co_await see();
  }
  note_coverage(sight.coverage);
  note_revocation(sight.revoked);
  note_crl_ends();
  note_judgement(sight.found);
  if (stopping_) co_return;
  auto const decision = intake_.consider(sight.found.look, world_.timer.now());
  look_again_ = decision.look_again;
  note(sight.found, decision);
  if (decision.action == Intake::Action::roll_out) {
    co_await roll_out(std::move(sight));
  } else if (decision.trust_alone && sight.found.trust_alone) {
    co_await roll_out_trust(std::move(sight));
  }
}

// All that blocks, in one visit to a worker: each visit costs as much as the parsing of a key.
Task<Lane::Sight> Lane::see() {
  Known in_force = known();
  co_return co_await on_worker(world_.workers, [this, &in_force] {
    Sight sight;
    sight.still_current = still_current();
    // Watch first, look second: a change between the two is seen by the watch.
    sight.coverage = watcher_.arm(subscriber_, parts_.settings.source);
    sight.revoked = ask_for_revocation();
    in_force.revoked = sight.revoked ? sight.revoked->has_value() : revocation_.is_revoked();
    sight.found = examine(parts_.settings, in_force, evidence_, world_.wall.now());
    if (sight.found.candidate || sight.found.trust_alone) sight.number = next_number();
    return sight;
  });
}

// Somebody may have removed the publish directory, or pointed `current` elsewhere. Blocks.
bool Lane::still_current() const {
  if (!parts_.target || in_force_.generation == 0) return true;
  auto const current = parts_.target->current();
  return current && *current == in_force_.generation;
}

// Blocks.
RevocationWatch::Answer Lane::ask_for_revocation() {
  return revocation_.ask(parts_.settings,
                         {in_force_.generation, parts_.target.get(), seen_in_force_}, evidence_,
                         world_.wall.now());
}

Task<bool> Lane::take_stock_again() {
  voice_.warning("generation " + std::to_string(in_force_.generation) +
                 " is no longer current, somebody changed " + parts_.settings.publish->directory +
                 "; what it holds now counts as in force, until what the source holds is accepted");
  seen_in_force_.clear();
  judged_in_force_ = false;
  last_generation_.reset();
  auto const standing = co_await take_stock(world_, parts_);
  if (!standing) {
    taken_up_ = false;  // and said by take_up(), the next time round
    co_return false;
  }
  bundle_ = standing->bundle;
  lost_ca_ = standing->lost_ca;
  in_force_ = standing->in_force;
  served_.follow(in_force_, false);
  co_return true;
}

Task<void> Lane::roll_out(Sight sight) {
  Examination& found = sight.found;
  if (!sight.number) {
    try_again_later(found.look.version);
    pass_ = Pass::failed;
    voice_.say(event::Kind::failed, in_force_, sight.number.error().text());
    co_return;
  }
  for (std::string const& warning : found.warnings) voice_.warning(warning);

  publish::Number number = *sight.number;
  Ending ending = Ending::committed;
  if (found.trust_first) {
    voice_.notice("pair and CA bundle change: the new trust goes ahead of the pair");
    ending = co_await carry_out(std::move(found.trust_first), number++, in_force_.leaf);
  }
  if (!parts_.target) parts_.in_source = paths_of(found.candidate->snapshot);
  if (ending == Ending::committed)
    ending = co_await carry_out(std::move(found.candidate), number, found.leaf);

  if (ending == Ending::committed) {
    seen_in_force_ = found.snapshot_digest;
    seen_evidence_ = found.evidence_version;
    last_generation_ = in_force_.generation;
    intake_.rollout_committed();
  } else {
    try_again_later(found.look.version);
  }
  pass_ = ending == Ending::committed ? Pass::current : Pass::failed;
}

Task<void> Lane::roll_out_trust(Sight sight) {
  Examination& found = sight.found;
  Ending ending = Ending::abandoned;
  if (!sight.number) {
    voice_.say(event::Kind::failed, in_force_, sight.number.error().text());
  } else {
    for (std::string const& warning : found.warnings) voice_.warning(warning);
    voice_.notice("its CA bundle and CRL are good, and are published with the pair in force");
    ending = co_await carry_out(std::move(found.trust_alone), *sight.number, in_force_.leaf);
  }
  if (ending == Ending::committed)
    intake_.rollout_committed();
  else
    try_again_later(found.look.version);
}

Task<Ending> Lane::carry_out(std::unique_ptr<Payload const> payload, publish::Number number,
                             std::optional<CertificateFacts> leaf) {
  publish::Content const content = payload->content();
  BundleInForce bundle = bundle_of(content);
  journal::Rollout record;
  record.certificate = parts_.settings.name;
  record.generation = number;
  record.previous = in_force_.generation;
  record.digest = digest_of(content);
  record.leaf = std::move(leaf);
  bool const same_pair =
      in_force_.leaf && record.leaf && in_force_.leaf->fingerprint == record.leaf->fingerprint;
  voice_.accepted(record, same_pair);

  Rollout rollout(world_, parts_, in_force_, std::move(record));
  rollout.carry(std::move(payload));
  begin_rollout();
  Report const report = co_await rollout.run(Step::stage);
  last_generation_.reset();
  seen_in_force_.clear();
  if (report.ending == Ending::committed || report.ending == Ending::failed) {
    bundle_ = std::move(bundle);
    lost_ca_.clear();
  }
  end_rollout(report.in_force, report.ending == Ending::committed);
  co_return report.ending;
}

void Lane::try_again_later(std::string const& version) {
  SteadyTime const now = world_.timer.now();
  intake_.rollout_failed(version, now);
  if (auto const next = intake_.next_try(); next && follows_)
    voice_.notice("it is tried again in " +
                  to_text(std::chrono::duration_cast<Duration>(*next - now)) +
                  ", and at once when the source holds something else or certpivot gets SIGHUP");
}

// The anchors whose time is over leave the bundle.
Task<void> Lane::end_grace() {
  Result<publish::Number> number = 0;
  auto const job = [this, &number] {
    number = next_number();
    return end_of_grace(*parts_.target, in_force_.generation, parts_.settings.publish->ca_grace,
                        world_.wall.now());
  };
  auto end = co_await on_worker(world_.workers, job);
  Ending ending = Ending::abandoned;
  if (!end || !number) {
    voice_.warning((end ? number.error() : end.error()).text());
  } else {
    if (end->dropped.empty())
      voice_.notice("anchors stay in the CA bundle for no longer than publish.ca_grace from now");
    for (std::string const& subject : end->dropped)
      voice_.notice(subject + " leaves the CA bundle: publish.ca_grace is over");
    ending = co_await carry_out(std::move(end->payload), *number, in_force_.leaf);
  }
  if (ending == Ending::committed)
    grace_end_.succeeded();
  else
    grace_end_.failed(world_.timer.now());
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
  begin_rollout();
  Report const report = co_await settle_debt(world_, parts_, in_force_, !bundle_.digest.empty());
  end_rollout(report.in_force, report.ending == Ending::committed);
}

void Lane::begin_rollout() {
  rolling_out_ = true;
  served_.pause();
}

void Lane::end_rollout(journal::InForce in_force, bool proved) {
  rolling_out_ = false;
  in_force_ = std::move(in_force);
  served_.follow(in_force_, proved);
  owe(in_force_.hooks_owed);
}

void Lane::owe(bool owed) {
  if (owed)
    debt_.failed(world_.timer.now());
  else
    debt_.succeeded();
}

void Lane::note(Examination const& found, Intake::Decision const& decision) {
  if (decision.found_again)
    voice_.say(event::Kind::source_found, in_force_, "the source is there again");
  pass_ = Pass::nothing;
  lacking_ = found.refusals.empty() ? "" : found.refusals.front().text;
  switch (found.look.found) {
    case Look::Found::absent:
      if (in_force_.generation == 0 && !std::exchange(waiting_said_, true))
        voice_.notice("waiting for the first certificate: " + found.refusals.front().text);
      break;
    case Look::Found::in_force:
      seen_in_force_ = found.snapshot_digest;
      seen_evidence_ = found.evidence_version;
      pass_ = in_force_.hooks_owed ? Pass::failed : Pass::current;
      break;
    case Look::Found::early:
      lacking_ = found.leaf->subject + " is valid from " + to_rfc3339_seconds(*found.due) + " on";
      break;
    case Look::Found::good:
    case Look::Found::incomplete:
    case Look::Found::bad:
      break;
  }
  if (decision.action == Intake::Action::lost)
    voice_.say(event::Kind::source_lost, in_force_,
               "the source is gone, generation " + std::to_string(in_force_.generation) +
                   " stays in force: " + found.refusals.front().text);
  if (decision.action == Intake::Action::wait) voice_.notice("waiting to publish it: " + lacking_);
  if (decision.action == Intake::Action::refuse) {
    pass_ = Pass::refused;
    voice_.refused(found, in_force_);
  }
}

// Whoever published it may have known other rules: those of before a change of the configuration,
// or none. What has become of it with time is told elsewhere.
void Lane::note_judgement(Examination const& found) {
  if (std::exchange(judged_in_force_, true) || found.look.found != Look::Found::in_force) return;
  for (trust::Refusal const& refusal : found.refusals)
    if (!trust::comes_with_time(refusal.reason))
      voice_.error(about_in_force(in_force_.generation) +
                   "it breaks a rule, and would be refused today: " + refusal.text);
}

void Lane::note_revocation(RevocationWatch::Answer const& answer) {
  auto const news = revocation_.note(answer);
  if (!news.revoked.empty()) voice_.revoked(in_force_, news.revoked);
  std::string const about = about_in_force(in_force_.generation);
  if (!news.unknown.empty()) voice_.warning(about + news.unknown);
  if (!news.recovered.empty()) voice_.notice(about + news.recovered);
}

void Lane::note_crl_ends() {
  for (CrlEnd const& end : crl_ends_.take_over(bundle_.crl_ends, world_.wall.now()))
    voice_.error("the CRL of " + end.issuer + " in force expired at " + to_rfc3339_seconds(end.at) +
                 ", and servers that check it refuse every peer of that CA: bring its present one");
}

void Lane::note_coverage(source::Coverage const& coverage) {
  if (std::exchange(coverage_, coverage) == coverage || coverage.why.empty()) return;
  voice_.warning(coverage.why);
}

Known Lane::known() const {
  return {.digest = in_force_.digest,
          .snapshot_digest = seen_in_force_,
          .leaf = in_force_.leaf,
          .evidence_version = seen_evidence_,
          .bundle = bundle_,
          .lost_ca = lost_ca_,
          .target = parts_.target.get(),
          .generation = in_force_.generation,
          .anew = !judged_in_force_};
}

}  // namespace certpivot::rollout
