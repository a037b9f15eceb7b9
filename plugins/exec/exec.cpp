#include "plugins/exec/exec.hpp"

#include "hook/environment.hpp"
#include "hook/program_output.hpp"
#include "log/log.hpp"
#include "loop/asio.hpp"
#include "loop/on_worker.hpp"
#include "process/child.hpp"

namespace certpivot::plugins {

namespace {

process::Command command_for(settings::Hook const& settings, event::Event const& event) {
  process::Command command{
      settings.exec.command, {}, event::to_json(event) + "\n", settings.timeout};
  command.environment = hook::environment_of(event);
  return command;
}

class ExecHook final : public hook::Hook {
 public:
  ExecHook(settings::Hook const& settings, hook::Tools const& tools)
      : settings_(settings), tools_(tools) {}

  [[nodiscard]] std::string name() const override { return "exec " + program(); }

  Task<Result<void>> check(event::Event const& event) override {
    auto const command = command_for(settings_, event);
    co_return co_await on_worker(tools_.workers,
                                 [&command] { return process::check_words(command); });
  }

  Task<Result<void>> reload(event::Event const& event) override {
    auto const outcome = co_await process::run(command_for(settings_, event), tools_.workers);
    if (!outcome) co_return fail(outcome.error());
    log_output(*outcome);
    if (outcome->good()) co_return Result<void>();
    auto why = outcome->sentence(settings_.timeout);
    if (auto const words = process::last_words(outcome->output); !words.empty())
      why += ": " + words;
    co_return fail(program() + " failed", {}, why);
  }

 private:
  [[nodiscard]] std::string program() const {
    return settings_.exec.command.empty() ? "" : settings_.exec.command.front();
  }

  void log_output(process::Outcome const& outcome) {
    LogFields const fields = {{"hook", name()}};
    hook::log_lines(tools_.log, tools_.certificate, name(), outcome.output);
    if (outcome.truncated) {
      tools_.log.info(tools_.certificate, "the output went on, only its first 64 KiB are logged",
                      fields);
    }
    if (outcome.left_running) {
      tools_.log.info(tools_.certificate, "the command left a process running in the background",
                      fields);
    }
  }

  settings::Hook settings_;
  hook::Tools tools_;
};

}  // namespace

std::unique_ptr<hook::Hook> make_exec_hook(settings::Hook const& settings,
                                           hook::Tools const& tools) {
  return std::make_unique<ExecHook>(settings, tools);
}

}  // namespace certpivot::plugins
