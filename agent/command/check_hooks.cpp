#include "command/check_hooks.hpp"

#include "hook/attempt.hpp"
#include "loop/asio.hpp"
#include "publish/remarks.hpp"
#include "rollout/lanes.hpp"

namespace certpivot::command {

namespace {

// Before the first pair the daemon asks no hook, because the server may have to wait for it: a
// failure is a doubt then, unless a program is missing, which will be missing later too.
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
  for (auto const& [hook_settings, hook] : parts->hooks) {
    bool const counts = report.generation != 0 || hook_settings.type == "exec";
    loop.restart();
    asio::co_spawn(loop, hook::attempt_check(*hook, hook_settings, about),
                   [&, name = hook->name()](std::exception_ptr const&, Result<void> const& fit) {
                     if (fit) return;
                     auto const sentence = name + ": " + fit.error().text();
                     if (counts) return report.faults.push_back(sentence);
                     report.warnings.push_back(
                         sentence + " (no harm where the server starts after the first pair)");
                     if (report.state == CheckState::good) report.state = CheckState::warning;
                   });
    loop.run();
  }
}

}  // namespace

void look_ahead(CheckReport& report, settings::Certificate const& settings,
                hook::Registry const& registry) {
  ask_hooks(report, settings, registry);
  if (settings.publish)
    for (std::string& fault : publish::faults(*settings.publish))
      report.faults.push_back(std::move(fault));
  if (!report.faults.empty()) report.state = CheckState::critical;
}

}  // namespace certpivot::command
