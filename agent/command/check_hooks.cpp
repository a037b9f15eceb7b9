#include "command/check_hooks.hpp"

#include <filesystem>
#include <utility>

#include "hook/attempt.hpp"
#include "hook/external.hpp"
#include "hook/group.hpp"
#include "loop/asio.hpp"
#include "publish/remarks.hpp"
#include "rollout/lanes.hpp"

namespace certpivot::command {

namespace {

/// What the question comes to, on a loop with nothing else to do.
Result<void> answer_to(Task<Result<void>> question, asio::io_context& loop) {
  Result<void> answer = fail("it broke off");
  auto const keep = [&answer](std::exception_ptr const& thrown, Result<void> given) {
    if (!thrown) answer = std::move(given);
  };
  loop.restart();
  asio::co_spawn(loop, std::move(question), keep);
  loop.run();
  return answer;
}

bool publishes_ca(settings::Certificate const& settings) {
  std::error_code none;
  return settings.publish &&
         std::filesystem::exists(settings.publish->directory + "/current/ca.crt", none);
}

// Where nothing that peers accept is in force the daemon asks no hook, because the server may have
// to wait for the pair: a failure is a doubt then, unless a program is missing or does not take its
// keys, which will be so later too. Nor is one asked that may fail.
void ask_hooks(CheckReport& report, settings::Certificate const& settings,
               hook::Registry const& registry) {
  Log silent(LogLevel::error, LogFormat::text, false);
  asio::io_context loop(1);
  Workers workers;  // gone before the loop that they answer to
  auto const parts = rollout::assemble(settings, registry, silent, workers);
  if (!parts) {
    report.faults.push_back(parts.error().text());
    return;
  }
  event::Event about;
  about.certificate = settings.name;
  about.generation = report.generation;
  about.paths = rollout::paths_of(*parts, publishes_ca(settings));
  for (rollout::ConfiguredHook const& hook : parts->hooks) {
    if (hook.settings.on_failure == settings::OnFailure::proceed) continue;
    bool const is_plugin = !hook.settings.external.program.empty();
    auto fit = Result<void>();
    if (is_plugin)
      fit = answer_to(hook::judge_external_hook(hook.settings, {silent, settings.name, workers}),
                      loop);
    if (fit) fit = answer_to(hook::check_lock(hook.settings.lock, workers), loop);
    bool const counts = report.way_back || hook.settings.type == "exec" || !fit;
    if (fit) fit = answer_to(hook::attempt_check(*hook.hook, hook.settings, about), loop);
    if (fit) continue;
    auto const sentence = hook.hook->name() + ": " + fit.error().text();
    if (!counts) {
      report.warn(sentence + " (no harm where the server starts after this pair)");
      continue;
    }
    report.faults.push_back(sentence);
    report.owes_hooks = !report.way_back;
  }
}

}  // namespace

void look_ahead(CheckReport& report, settings::Certificate const& settings,
                hook::Registry const& registry) {
  ask_hooks(report, settings, registry);
  if (settings.publish)
    for (std::string& fault : publish::faults(*settings.publish)) {
      report.faults.push_back(std::move(fault));
      report.owes_hooks = false;  // it does not come to them
    }
  if (report.faults.empty()) return;
  if (!report.in_force) {
    report.state = CheckState::critical;
    return;
  }
  for (std::string const& fault : std::exchange(report.faults, {}))
    report.warn(fault + " (what is in force stays, but the next pair could not go live)");
}

}  // namespace certpivot::command
