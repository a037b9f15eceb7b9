#include "command/check_hooks.hpp"

#include "hook/attempt.hpp"
#include "loop/asio.hpp"
#include "publish/remarks.hpp"
#include "rollout/lanes.hpp"

namespace certpivot::command {

namespace {

// Where nothing that peers accept is in force the daemon asks no hook, because the server may have
// to wait for the pair: a failure is a doubt then, unless a program is missing, which will be
// missing later too. Nor is one asked that may fail.
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
  for (rollout::ConfiguredHook const& hook : parts->hooks) {
    if (hook.settings.on_failure == settings::OnFailure::proceed) continue;
    bool const counts = report.way_back || hook.settings.type == "exec";
    loop.restart();
    asio::co_spawn(
        loop, hook::attempt_check(*hook.hook, hook.settings, about),
        [&, name = hook.hook->name()](std::exception_ptr const&, Result<void> const& fit) {
          if (fit) return;
          auto const sentence = name + ": " + fit.error().text();
          if (!counts)
            return report.warn(sentence + " (no harm where the server starts after this pair)");
          report.faults.push_back(sentence);
          report.owes_hooks = !report.way_back;
        });
    loop.run();
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
  if (!report.faults.empty()) report.state = CheckState::critical;
}

}  // namespace certpivot::command
