#include "support/flow_world.hpp"

#include <algorithm>
#include <fcntl.h>
#include <stdexcept>
#include <utility>

#include "loop/asio.hpp"
#include "rollout/recover.hpp"
#include "support/run_task.hpp"

namespace certpivot::testing {

namespace {

// The directory outlives the process; what the process owns is only this way to it.
class Borrowed final : public publish::Target {
 public:
  explicit Borrowed(publish::Target& target) : target_(target) {}
  Result<void> prepare() override { return target_.prepare(); }
  Result<publish::Number> current() override { return target_.current(); }
  Result<std::vector<publish::Number>> generations() override { return target_.generations(); }
  Result<void> stage(publish::Number number, publish::Content const& content) override {
    return target_.stage(number, content);
  }
  Result<void> pivot(publish::Number number) override { return target_.pivot(number); }
  Result<publish::StoredContent> load(publish::Number number) override {
    return target_.load(number);
  }
  Result<void> owe(bool hooks) override { return target_.owe(hooks); }
  Result<bool> owes() override { return target_.owes(); }
  Result<void> discard(publish::Number number) override { return target_.discard(number); }
  Result<void> prune(unsigned keep, publish::Number also) override {
    return target_.prune(keep, also);
  }
  publish::Paths paths(bool with_ca) const override { return target_.paths(with_ca); }

 private:
  publish::Target& target_;
};

class ServerHook final : public hook::Hook {
 public:
  ServerHook(Script& script, Server& server, MemoryPublish& publish)
      : script_(script), server_(server), publish_(publish) {}
  std::string name() const override { return "server"; }

  Task<Result<void>> check(event::Event const&) override {
    if (auto entered = script_.enter("hook.check"); !entered) co_return entered;
    script_.leave();
    if (server_.broken) co_return fail("the configuration is broken");
    co_return Result<void>();
  }

  Task<Result<void>> reload(event::Event const&) override {
    if (auto entered = script_.enter("hook.reload"); !entered) co_return entered;
    auto const files = publish_.served();
    Result<void> answer;
    if (server_.down) {
      answer = fail("the server is not running");
    } else if (files && server_.refuses.contains(files->certificate)) {
      answer = fail("the server does not take it");
    } else if (!server_.deaf) {
      server_.serves = files ? files->certificate : std::string();
      ++server_.reloads;
    }
    script_.leave();
    co_return answer;
  }

 private:
  Script& script_;
  Server& server_;
  MemoryPublish& publish_;
};

std::optional<CertificateFacts> leaf_of(std::string const& pem) { return rollout::facts_of(pem); }

class ServerProbe final : public probe::Probe {
 public:
  ServerProbe(Script& script, Server& server) : script_(script), server_(server) {}
  Task<Result<void>> prove(settings::Probe const&, probe::Expected const& expected,
                           crypto::ClientPair const*) override {
    if (auto entered = script_.enter("probe.prove"); !entered) co_return entered;
    script_.leave();
    auto const served = leaf_of(server_.serves);
    if (!served || served->fingerprint != expected.leaf.fingerprint)
      co_return fail("the server serves another certificate");
    co_return Result<void>();
  }

 private:
  Script& script_;
  Server& server_;
};

}  // namespace

Task<void> InstantTimer::sleep_for(Duration duration) {
  sleeps_.push_back(duration);
  now_ += duration;
  co_return;
}

FlowWorld::FlowWorld()
    : wall(from_now(Duration::zero())),
      probe_(std::make_unique<ServerProbe>(script, server)),
      silent_(::open("/dev/null", O_WRONLY | O_CLOEXEC)),
      log_(LogLevel::error, LogFormat::text, false, silent_),
      groups_({timer, workers_, log_, [] { return 0.5; }}) {}

rollout::World FlowWorld::world() {
  return {wall, timer, workers_, journal, *probe_, groups_, log_};
}

rollout::Parts FlowWorld::parts() {
  rollout::Parts parts;
  parts.settings.name = "web";
  parts.settings.publish = settings::Publish{};
  parts.settings.probes = {settings::Probe{}};
  parts.target = std::make_unique<Borrowed>(publish);
  settings::Hook hook;
  hook.type = "server";
  hook.retries = 1;
  hook.on_failure = on_failure;
  parts.hooks.push_back(
      {hook, std::make_unique<ServerHook>(script, server, publish), groups_.of(hook)});
  return parts;
}

std::unique_ptr<rollout::Candidate const> FlowWorld::candidate(Pair const& pair) const {
  auto candidate = std::make_unique<rollout::Candidate>();
  candidate->snapshot.certificate.bytes = Secret::copy_of(pair.certificate_pem);
  candidate->snapshot.key.bytes = Secret::copy_of(pair.key_pem);
  candidate->verdict.certificate_pem = pair.certificate_pem;
  candidate->verdict.key_size = pair.key_pem.size();
  candidate->verdict.leaf = leaf_of(pair.certificate_pem);
  candidate->extras = extras;
  return candidate;
}

journal::InForce FlowWorld::begin() {
  auto own = parts();
  auto standing = run_task(rollout::take_stock(world(), own));
  if (!standing) throw std::runtime_error(standing.error().text());
  return run_task(rollout::recover(world(), own, std::move(*standing))).in_force;
}

rollout::Report FlowWorld::roll_out(Pair const& pair, journal::InForce const& in_force) {
  auto own = parts();
  auto carried = candidate(pair);
  journal::Rollout record;
  record.certificate = "web";
  auto const numbers = publish.numbers();
  record.generation = std::max<publish::Number>(numbers.empty() ? 0 : numbers.back(),
                                                journal.last_generation("web").value_or(0)) +
                      1;
  record.previous = in_force.generation;
  record.digest = rollout::digest_of(carried->content());
  record.leaf = carried->verdict.leaf;
  rollout::Rollout rollout(world(), own, in_force, std::move(record));
  rollout.carry(std::move(carried));
  return run_task(rollout.run(rollout::Step::stage));
}

}  // namespace certpivot::testing
