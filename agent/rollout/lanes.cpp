#include "rollout/lanes.hpp"

#include <algorithm>
#include <utility>

#include "loop/asio.hpp"

namespace certpivot::rollout {

namespace {

// Between the first proofs of two certificates: ten thousand take 200 seconds.
constexpr Duration proof_spacing = std::chrono::milliseconds(20);

}  // namespace

Result<Parts> assemble(settings::Certificate const& settings, hook::Registry const& registry,
                       Log& log, Workers& workers) {
  Parts parts;
  parts.settings = settings;
  if (settings.publish) parts.target = publish::make_directory(*settings.publish);
  for (settings::Hook const& hook : settings.hooks) {
    auto made = registry.make(hook, {log, settings.name, workers});
    if (!made) return fail(made.error());
    parts.hooks.push_back({hook, std::move(*made)});
  }
  return parts;
}

Lanes::Lanes(asio::io_context& loop, World const& world, source::Watcher& watcher,
             source::Evidence& evidence, hook::Registry const& registry,
             std::function<void()> all_looked)
    : loop_(loop),
      world_(world),
      watcher_(watcher),
      evidence_(evidence),
      registry_(registry),
      all_looked_(std::move(all_looked)) {}

Result<void> Lanes::apply(std::vector<settings::Certificate> const& certificates) {
  std::map<std::string, Parts> wanted;
  for (settings::Certificate const& certificate : certificates) {
    auto parts = assemble(certificate, registry_, world_.log, world_.workers);
    if (!parts) return fail(parts.error());
    wanted.emplace(certificate.name, std::move(*parts));
  }
  for (auto& [name, slot] : slots_) {
    auto const same = wanted.find(name);
    slot.next.reset();
    bool const unchanged = same != wanted.end() && same->second.settings == slot.lane->settings();
    if (unchanged && !slot.lane->stopping()) {
      slot.lane->try_again();
      continue;
    }
    world_.log.notice(name, same == wanted.end()
                                ? "dropped from the configuration; what is published stays"
                                : "its configuration changed");
    slot.lane->stop();
    if (same != wanted.end()) slot.next = std::move(same->second);
  }
  for (auto& [name, parts] : wanted)
    if (!slots_.contains(name)) start(name, std::move(parts));
  return {};
}

void Lanes::start(std::string const& name, Parts parts) {
  parts.first_proof = proof_spacing * to_look_;
  Slot& slot = slots_[name];
  slot.lane =
      std::make_unique<Lane>(loop_.get_executor(), world_, watcher_, evidence_, std::move(parts));
  ++to_look_;
  asio::co_spawn(
      loop_, slot.lane->run([this] { looked(); }), [this, name](std::exception_ptr const& thrown) {
        if (thrown)
          std::rethrow_exception(thrown);  // a defect of ours: better to end than to stand still
        ended(name);
      });
}

void Lanes::looked() {
  if (--to_look_ != 0) return;
  auto const in_force = std::count_if(slots_.begin(), slots_.end(), [](auto const& entry) {
    return entry.second.lane->in_force();
  });
  world_.log.notice("", "every source was read; " + std::to_string(in_force) + " of " +
                            std::to_string(slots_.size()) + " certificates are in force");
  all_looked_();
}

void Lanes::ended(std::string const& name) {
  auto const found = slots_.find(name);
  std::optional<Parts> next = std::move(found->second.next);
  slots_.erase(found);
  if (next && !all_ended_) start(name, std::move(*next));
  if (slots_.empty() && all_ended_) all_ended_();
}

void Lanes::stop(std::function<void()> all_ended) {
  all_ended_ = std::move(all_ended);
  for (auto& [name, slot] : slots_) {
    slot.lane->stop();
    slot.lane->hurry();
  }
  if (slots_.empty()) all_ended_();
}

bool Lanes::rolling_out() const {
  for (auto const& [name, slot] : slots_)
    if (slot.lane->rolling_out()) return true;
  return false;
}

}  // namespace certpivot::rollout
