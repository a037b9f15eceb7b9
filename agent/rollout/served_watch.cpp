#include "rollout/served_watch.hpp"

#include <utility>

#include "loop/asio.hpp"
#include "loop/on_worker.hpp"
#include "rollout/recover.hpp"

namespace certpivot::rollout {

namespace {

using namespace asio::experimental::awaitable_operators;

// The latest generation before this one that had another leaf, as far as one is kept. Blocks.
std::vector<probe::Other> generation_before(publish::Target& target,
                                            journal::InForce const& in_force) {
  auto const numbers = target.generations();
  if (!numbers) return {};  // only its name is missing in a sentence then
  for (std::size_t at = numbers->size(); at-- > 0;) {
    publish::Number const number = numbers->at(at);
    if (number >= in_force.generation) continue;
    auto const content = target.load(number);
    auto const leaf = content ? facts_of(content->certificate) : std::nullopt;
    if (leaf && leaf->fingerprint != in_force.leaf->fingerprint)
      return {{leaf->fingerprint, in_force_before(number)}};
  }
  return {};
}

// What a proof needs of the publish directory.
struct Needed {
  std::optional<std::vector<probe::Other>> before = {};
  Result<crypto::ClientPair> pair = {};
};

// Blocks.
Needed gather(publish::Target& target, journal::InForce const& in_force, bool before, bool pair) {
  Needed needed;
  if (before) needed.before = generation_before(target, in_force);
  if (pair) needed.pair = published_pair(target, in_force.generation);
  return needed;
}

}  // namespace

ServedWatch::ServedWatch(asio::any_io_executor const& loop, World const& world, Parts const& parts,
                         Voice const& voice)
    : world_(world),
      parts_(parts),
      voice_(voice),
      alarm_(loop),
      rounds_(parts.settings.probes),
      first_pause_(parts.first_proof) {}

void ServedWatch::pause() {
  paused_ = true;
  ++change_;
  alarm_.ring();
}

void ServedWatch::follow(journal::InForce const& in_force, bool proved) {
  pause();
  bool const another = in_force.generation != in_force_.generation;
  in_force_ = in_force;
  if (another) before_.reset();
  paused_ = in_force.generation == 0 || in_force.hooks_owed || !in_force.leaf;
  if (paused_) return;
  if (proved) {
    for (std::size_t probe = 0; probe < parts_.settings.probes.size(); ++probe) note(probe, {});
  } else if (another) {
    rounds_.begin(world_.timer.now(), std::exchange(first_pause_, Duration::zero()));
  }
}

void ServedWatch::stop() {
  stopping_ = true;
  pause();
}

Task<void> ServedWatch::run() {
  if (rounds_.idle()) co_return;
  while (!stopping_) {
    auto const due = paused_ ? std::nullopt : rounds_.next();
    if (due && due->at <= world_.timer.now())
      co_await ask(due->probe);
    else
      co_await alarm_.wait_until(due ? due->at : Alarm::never);
  }
}

Task<void> ServedWatch::ask(std::size_t probe) {
  unsigned const asked = change_;
  settings::Probe const& settings = parts_.settings.probes.at(probe);
  Needed needed;
  if (parts_.target && (settings.present || !before_)) {
    auto const job = [&target = *parts_.target, in_force = in_force_, before = !before_,
                      pair = settings.present] { return gather(target, in_force, before, pair); };
    needed = co_await on_worker(world_.workers, job);
    if (change_ != asked) co_return;
  }
  if (needed.before) before_ = std::move(needed.before);
  if (!needed.pair) {
    voice_.warning(needed.pair.error().text());
    rounds_.skip(probe, world_.timer.now());
    co_return;
  }
  probe::Expected const expected{"generation " + std::to_string(in_force_.generation),
                                 *in_force_.leaf, before_.value_or(std::vector<probe::Other>())};
  bool const offers = settings.present && parts_.target;
  auto answer =
      co_await (world_.probe.prove(settings, expected, offers ? &*needed.pair : nullptr) ||
                void_since(asked));
  if (change_ == asked) note(probe, std::get<0>(std::move(answer)));
}

// The change may have come before anybody waits for it.
Task<void> ServedWatch::void_since(unsigned change) {
  while (change_ == change) co_await alarm_.wait_until(Alarm::never);
}

void ServedWatch::note(std::size_t probe, Result<void> proved) {
  auto const news = rounds_.note(probe, proved.has_value(), world_.timer.now());
  std::string const& address = parts_.settings.probes.at(probe).address;
  std::string const number = "generation " + std::to_string(in_force_.generation);
  if (news == ProbeRounds::News::recovered)
    voice_.say(event::Kind::recovered, in_force_, address + " serves " + number + " again");
  if (news != ProbeRounds::News::not_served) return;
  Error error = std::move(proved.error());
  error.what = number + " is in force, but is not served at";
  error.remedy = "see that the server runs and reads " + paths_of(parts_, false).certificate +
                 ", and reload it";
  voice_.not_served(in_force_, error.text());
}

}  // namespace certpivot::rollout
