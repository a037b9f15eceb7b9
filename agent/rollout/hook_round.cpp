#include "rollout/hook_round.hpp"

#include <cstddef>
#include <utility>

#include "loop/asio.hpp"

namespace certpivot::rollout {

namespace {

tl::unexpected<Error> failure_of(hook::Hook const& hook, Error error) {
  error.what = hook.name() + ": " + error.what;
  return fail(std::move(error));
}

}  // namespace

void HookRound::set_out() {
  for (ConfiguredHook const& hook : parts_.hooks) on_the_way_.emplace_back(hook.group);
}

Task<Result<void>> HookRound::check(event::Event const& about) const {
  for (ConfiguredHook& hook : parts_.hooks) {
    if (hook.settings.on_failure == settings::OnFailure::proceed) continue;
    auto const fit = co_await hook.group->check(*hook.hook, hook.settings, about);
    if (!fit) co_return failure_of(*hook.hook, fit.error());
  }
  co_return Result<void>();
}

Task<Result<void>> HookRound::run(event::Event about, hook::Group::Stake stake) {
  for (std::size_t at = 0; at < parts_.hooks.size(); ++at) {
    ConfiguredHook& hook = parts_.hooks[at];
    SteadyTime const began = world_.timer.now();
    about.hook = hook.hook->name();
    if (at < on_the_way_.size()) on_the_way_[at].arrive();
    auto const reloaded = co_await hook.group->run(*hook.hook, hook.settings, about, stake);
    auto const took = std::chrono::duration_cast<Duration>(world_.timer.now() - began);
    if (reloaded) {
      world_.log.info(parts_.settings.name, "hook " + about.hook + " done in " + to_text(took));
      continue;
    }
    if (hook.settings.on_failure == settings::OnFailure::rollback)
      co_return failure_of(*hook.hook, reloaded.error());
    event::Event failed = about;
    failed.kind = event::Kind::failed;
    failed.reasons = {{"hook", reloaded.error().text()}};
    tell(world_.log, failed,
         "hook " + about.hook + " failed, going on as configured: " + reloaded.error().text());
  }
  co_return Result<void>();
}

}  // namespace certpivot::rollout
