#include "rollout/rollout.hpp"

#include <utility>

#include "loop/on_worker.hpp"
#include "rollout/proof.hpp"

namespace certpivot::rollout {

namespace {

// A step as a sentence about its failure begins.
std::string_view in_words(Step step) {
  switch (step) {
    case Step::stage:
      return "staging";
    case Step::check:
      return "the pre-check";
    case Step::pivot:
      return "the pivot";
    case Step::hook:
      return "a hook";
    case Step::probe:
      return "the proof";
    case Step::commit:
      return "the commit";
    case Step::restore:
      return "going back";
    case Step::rehook:
      return "a hook on the way back";
    case Step::reprobe:
      break;
  }
  return "the proof of what was in force before";
}

}  // namespace

bool worth_going_back(publish::Number before, std::optional<CertificateFacts> const& leaf,
                      WallTime now) {
  return before != 0 && leaf && leaf->not_after > now;
}

Rollout::Rollout(World const& world, Parts& parts, journal::InForce in_force,
                 journal::Rollout record)
    : world_(world),
      parts_(parts),
      before_(std::move(in_force)),
      record_(std::move(record)),
      reason_(record_.reason),
      began_(world.timer.now()),
      hooks_(world_, parts_) {}

void Rollout::carry(std::unique_ptr<Payload const> payload) {
  payload_ = std::move(payload);
  with_ca_ = payload_->content().ca.has_value();
}

Task<Report> Rollout::run(Step first) {
  hooks_.set_out();
  // One that begins with its hooks, because they are owed, is in the journal from here on.
  if (!is_recorded(first) && record_.id == 0) {
    auto const job = [this, first] { return write_down(first); };
    auto const written = co_await on_worker(world_.workers, job);
    if (!written) world_.log.error(parts_.settings.name, written.error().text());
  }
  for (Step step = first;;) {
    auto const taken = co_await take(step);
    if (!taken) {
      if (step != Step::restore || worth_going_back())
        world_.log.warning(parts_.settings.name,
                           std::string(in_words(step)) + " failed: " + taken.error().text());
      if (reason_.empty()) reason_ = taken.error().text();
    }
    // What could not be written down before the pivot was not begun either.
    if (!taken && is_recorded(step) && step <= Step::pivot && written_ != step)
      co_return co_await finish(Ending::abandoned);
    Next const after = next(step, taken ? Outcome::done : Outcome::failed);
    if (!after.step) co_return co_await finish(after.ending);
    step = *after.step;
  }
}

Task<Result<void>> Rollout::take(Step step) {
  switch (step) {
    case Step::stage:
      return stage();
    case Step::check:
      return check();
    case Step::pivot:
      return pivot();
    case Step::hook:
      return hook();
    case Step::probe:
      return probe();
    case Step::commit:
      break;  // finish() writes it down, with what is in force
    case Step::restore:
      return restore();
    case Step::rehook:
      return rehook();
    case Step::reprobe:
      return reprobe();
  }
  return []() -> Task<Result<void>> { co_return Result<void>(); }();
}

// Writes the step down and takes it, in one visit to a worker.
template <class Work>
Task<Result<void>> Rollout::block(Step step, Work work) {
  auto const job = [this, step, &work]() -> Result<void> {
    if (auto written = write_down(step); !written) return written;
    return work();
  };
  co_return co_await on_worker(world_.workers, job);
}

Task<Result<void>> Rollout::stage() {
  return block(Step::stage, [this]() -> Result<void> {
    if (!parts_.target) return {};
    return parts_.target->stage(record_.generation, payload_->content());
  });
}

Task<Result<void>> Rollout::check() {
  // Before the first pivot, or with an expired one, the server has nothing it could be asked about.
  if (!worth_going_back()) co_return Result<void>();
  event::Event const about = event(event::Kind::accepted, record_.generation, record_.leaf);
  co_return co_await hooks_.check(about);
}

Task<Result<void>> Rollout::pivot() {
  return block(Step::pivot, [this]() -> Result<void> {
    if (!parts_.target) return {};
    if (auto noted = note_debt(true); !noted) return noted;
    auto pivoted = parts_.target->pivot(record_.generation);
    if (pivoted)
      world_.log.info(parts_.settings.name,
                      "generation " + std::to_string(record_.generation) + " is current");
    return pivoted;
  });
}

Task<Result<void>> Rollout::hook() {
  event::Event about = event(event::Kind::accepted, record_.generation, record_.leaf);
  auto const stake = worth_going_back() ? hook::Group::Stake::rollback : hook::Group::Stake::debt;
  co_return co_await hooks_.run(std::move(about), stake);
}

Task<Result<void>> Rollout::probe() {
  auto const proved = co_await prove(record_.generation, record_.leaf);
  bool const same_leaf = before_.generation != record_.generation && before_.leaf && record_.leaf &&
                         before_.leaf->fingerprint == record_.leaf->fingerprint;
  if (proved && same_leaf && !parts_.settings.probes.empty())
    world_.log.notice(parts_.settings.name,
                      "the leaf is that of before: handshakes do not tell whether the server has "
                      "read the new CA bundle or CRL");
  co_return proved;
}

Task<Result<void>> Rollout::restore() {
  hooks_.leave();
  // A copy rather than the old directory: servers that compare inodes or times must see a change.
  return block(Step::restore, [this]() -> Result<void> {
    if (!parts_.target || !worth_going_back())
      return fail("there is nothing to go back to", {}, reason_,
                  "it stays in force, and its hooks are tried again");
    auto const content = parts_.target->load(before_.generation);
    if (!content) return fail(content.error());
    auto const numbers = parts_.target->generations();
    if (!numbers) return fail(numbers.error());
    with_ca_ = content->ca.has_value();
    restored_ = record_.generation + 1;
    if (!numbers->empty()) restored_ = std::max(restored_, numbers->back() + 1);
    if (auto staged = parts_.target->stage(restored_, content->view()); !staged) return staged;
    auto pivoted = parts_.target->pivot(restored_);
    if (pivoted)
      world_.log.info(parts_.settings.name,
                      "generation " + std::to_string(restored_) + ", a copy of generation " +
                          std::to_string(before_.generation) + ", is current");
    return pivoted;
  });
}

Task<Result<void>> Rollout::rehook() {
  event::Event about = event(event::Kind::rolled_back, restored_, before_.leaf);
  auto const ran = co_await hooks_.run(std::move(about), hook::Group::Stake::debt);
  hooks_ran_back_ = ran.has_value();
  co_return ran;
}

Task<Result<void>> Rollout::reprobe() {
  auto const proved = co_await prove(restored_, before_.leaf);
  if (!proved) not_proved_back_ = proved.error().text();
  co_return proved;
}

Task<Result<void>> Rollout::prove(publish::Number number,
                                  std::optional<CertificateFacts> const& leaf) {
  probe::Expected const expected{"generation " + std::to_string(number),
                                 leaf.value_or(CertificateFacts()), others_than(number)};
  PairToOffer const pair = [this, number] { return pair_of(number); };
  co_return co_await rollout::prove(world_, parts_, expected, pair);
}

// Of a source that the server reads itself, what was just read from it. Blocks.
Result<std::optional<crypto::ClientPair>> Rollout::pair_of(publish::Number number) const {
  if (!parts_.target && !payload_) return std::nullopt;
  if (parts_.target) return published_pair(*parts_.target, number);
  auto const content = payload_->content();
  return crypto::ClientPair{std::string(content.certificate), Secret::copy_of(content.key)};
}

// What a server may still serve in place of `number`: the one that it is to give up.
std::vector<probe::Other> Rollout::others_than(publish::Number number) const {
  bool const back = number != record_.generation;
  auto const& other = back ? record_.leaf : before_.leaf;
  if (!other) return {};
  return {{other->fingerprint,
           back ? "generation " + std::to_string(record_.generation) + ", which is rolled back"
                : in_force_before(before_.generation)}};
}

// The record of the pivot must outlive a power cut, and brings the one before it along. On the way
// back a journal that fails is no reason to stop. Blocks.
Result<void> Rollout::write_down(Step step) {
  record_.step = name(step);
  Result<void> written;
  if (record_.id == 0) {
    record_.started = world_.wall.now();
    auto const id = world_.journal.begin(record_);
    if (!id) return fail(id.error());
    record_.id = *id;
    if (!world_.journal.in_place())
      world_.log.error(parts_.settings.name,
                       "the journal was removed from the state directory: rollouts go on, but a "
                       "crash would not be recovered from; start certpivot anew");
  } else {
    auto const outlives =
        step == Step::pivot ? journal::Outlives::power_cut : journal::Outlives::process;
    written = world_.journal.about_to(record_.id, record_.step, reason_, outlives);
  }
  if (written) written_ = step;
  if (written || step <= Step::pivot) return written;
  world_.log.error(parts_.settings.name, written.error().text());
  return {};
}

Task<Report> Rollout::finish(Ending ending) {
  hooks_.leave();
  Report report{ending, reason_, in_force_after(ending)};
  if (record_.id != 0) {
    auto const written = co_await on_worker(world_.workers, [this, &report] {
      remember_bundle(report.ending);
      return world_.journal.end(record_.id, std::string(name(report.ending)), report.reason,
                                world_.wall.now(), report.in_force);
    });
    if (!written) world_.log.error(parts_.settings.name, written.error().text());
  }
  co_await clean_up(ending);
  tell_ending(report);
  co_return report;
}

// Before the record of the end, which brings it to the disk. Blocks.
void Rollout::remember_bundle(Ending ending) const {
  bool const published = ending == Ending::committed || ending == Ending::failed;
  if (!published || !parts_.target || !payload_) return;
  std::string const ca(payload_->content().ca.value_or(""));
  auto const remembered = world_.journal.remember_bundle(parts_.settings.name, ca);
  if (!remembered) world_.log.error(parts_.settings.name, remembered.error().text());
}

// Where the journal ends with the process, the publish directory itself remembers. Blocks.
Result<void> Rollout::note_debt(bool owed) const {
  if (world_.journal.lasting() || !parts_.target) return {};
  return parts_.target->owe(owed);
}

Task<void> Rollout::clean_up(Ending ending) {
  if (!parts_.target) co_return;
  auto const cleaned = co_await on_worker(world_.workers, [this, ending]() -> Result<void> {
    if (auto noted = note_debt(in_force_after(ending).hooks_owed); !noted) return noted;
    if (ending == Ending::abandoned || ending == Ending::rolled_back)
      if (auto gone = parts_.target->discard(record_.generation); !gone) return gone;
    return parts_.target->prune(parts_.settings.publish->keep, before_.generation);
  });
  // Old generations that stay cost space and nothing else; the next rollout tries again.
  if (!cleaned) world_.log.warning(parts_.settings.name, cleaned.error().text());
}

bool Rollout::worth_going_back() const {
  return before_.generation != record_.generation &&
         rollout::worth_going_back(before_.generation, before_.leaf, world_.wall.now());
}

journal::InForce Rollout::in_force_after(Ending ending) const {
  switch (ending) {
    case Ending::committed:
      return {record_.generation, record_.digest, record_.leaf, false};
    case Ending::failed:
      return {record_.generation, record_.digest, record_.leaf, true};
    case Ending::rolled_back:
      return {restored_, before_.digest, before_.leaf, !hooks_ran_back_};
    case Ending::abandoned:
      break;
  }
  return before_;
}

event::Event Rollout::event(event::Kind kind, publish::Number number,
                            std::optional<CertificateFacts> leaf) const {
  event::Event event;
  event.time = world_.wall.now();
  event.kind = kind;
  event.certificate = parts_.settings.name;
  event.generation = number;
  event.leaf = std::move(leaf);
  event.paths = paths_of(parts_, with_ca_);
  return event;
}

void Rollout::tell_ending(Report const& report) const {
  auto const took = std::chrono::duration_cast<Duration>(world_.timer.now() - began_);
  std::string const number = "generation " + std::to_string(record_.generation);
  event::Event about = event(event::Kind::failed, record_.generation, record_.leaf);
  about.duration = took;
  if (!report.reason.empty()) about.reasons = {{std::string(name(report.ending)), report.reason}};
  switch (report.ending) {
    case Ending::committed:
      about.kind = event::Kind::committed;
      tell(world_.log, about, number + " is in force, after " + to_text(took));
      break;
    case Ending::rolled_back:
      about.kind = event::Kind::rolled_back;
      tell(world_.log, about,
           number + " was rolled back, generation " + std::to_string(restored_) +
               " holds what was in force before" +
               (hooks_ran_back_ ? "" : ", and its hooks are still owed") + ": " + report.reason +
               (not_proved_back_.empty()
                    ? ""
                    : "; and what was in force before is not served everywhere: " +
                          not_proved_back_));
      break;
    case Ending::abandoned:
      tell(world_.log, about, number + " was not begun, nothing has changed: " + report.reason);
      break;
    case Ending::failed:
      tell(world_.log, about,
           number + " stays in force with its hooks owed" +
               (before_.generation == record_.generation ? ""
                                                         : ", as there is nothing to go back to") +
               ": " + report.reason);
      break;
  }
}

}  // namespace certpivot::rollout
