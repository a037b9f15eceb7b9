#include "hook/external.hpp"

#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include "base/units.hpp"
#include "hook/program_output.hpp"
#include "hook/protocol.hpp"
#include "loop/asio.hpp"
#include "loop/on_worker.hpp"
#include "process/child.hpp"

namespace certpivot::hook {

namespace {

constexpr ::mode_t writable_by_others = 0022;

Result<void> check_owner(std::string const& path) {
  struct ::stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return fail_errno("cannot run the plugin", path);
  if (facts.st_uid != 0 && facts.st_uid != ::geteuid())
    return fail("will not run the plugin", path,
                "it belongs to user " + std::to_string(facts.st_uid) +
                    ", neither to root nor to the user of certpivot",
                "chown root " + path);
  if ((facts.st_mode & writable_by_others) != 0)
    return fail("will not run the plugin", path, "its group or others may write it",
                "chmod go-w " + path);
  return {};
}

// Whoever may write the directory may put another program there.
Result<void> check_trusted(std::string const& program) {
  if (auto const fit = process::check_program(program); !fit) return fit;
  auto const whole = std::filesystem::canonical(program);
  for (std::string const& path : {whole.string(), whole.parent_path().string(),
                                  std::filesystem::path(program).parent_path().string()})
    if (auto const trusted = check_owner(path); !trusted) return trusted;
  return {};
}

class ExternalHook final : public Hook {
 public:
  ExternalHook(settings::Hook const& settings, Tools const& tools)
      : settings_(settings), tools_(tools) {}

  [[nodiscard]] std::string name() const override { return settings_.type; }

  Task<Result<void>> check(event::Event const& event) override {
    auto const described = co_await ask(Action::describe, event);
    if (!described) co_return fail(described.error());
    auto const description = read_description(*described);
    if (!description) co_return fail(by_plugin(description.error()));
    if (auto const fit = judge_config(settings_.external.config, *description); !fit)
      co_return fail(by_plugin(fit.error()));
    if (!description->actions.contains("check")) co_return Result<void>();
    co_return co_await obey(Action::check, event);
  }

  Task<Result<void>> reload(event::Event const& event) override {
    co_return co_await obey(Action::reload, event);
  }

 private:
  Task<Result<void>> obey(Action action, event::Event const& event) {
    auto const output = co_await ask(action, event);
    if (!output) co_return fail(output.error());
    auto const answer = read_answer(*output);
    if (!answer) co_return fail(by_plugin(answer.error()));
    co_return Result<void>();
  }

  /// What it printed; it has ended, and well.
  Task<Result<std::string>> ask(Action action, event::Event const& event) {
    process::Command command{{settings_.external.program},
                             {},
                             question(action, settings_.external.config, event),
                             settings_.timeout,
                             true};
    auto const trusted = co_await on_worker(
        tools_.workers, [this] { return check_trusted(settings_.external.program); });
    if (!trusted) co_return fail(trusted.error());
    auto outcome = co_await process::run(std::move(command), tools_.workers);
    if (!outcome) co_return fail(std::move(outcome.error()));
    log_lines(tools_.log, tools_.certificate, name(), outcome->errors);
    if (outcome->truncated)
      co_return fail(settings_.external.program + " printed more than 64 KiB", {},
                     "an answer is one JSON object");
    if (outcome->good()) co_return std::move(outcome->output);
    auto why = outcome->sentence(settings_.timeout);
    // It may have said why before it went.
    if (auto const answer = read_answer(outcome->output); !answer && !outcome->output.empty())
      why += ": " + answer.error().text();
    else if (auto const words = process::last_words(outcome->errors); !words.empty())
      why += ": " + words;
    co_return fail(settings_.external.program + " failed", {}, why);
  }

  [[nodiscard]] Error by_plugin(Error error) const {
    if (error.where.empty()) error.where = settings_.external.program;
    return error;
  }

  settings::Hook settings_;
  Tools tools_;
};

}  // namespace

std::unique_ptr<Hook> make_external_hook(settings::Hook const& settings, Tools const& tools) {
  return std::make_unique<ExternalHook>(settings, tools);
}

}  // namespace certpivot::hook
