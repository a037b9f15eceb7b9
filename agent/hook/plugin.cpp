#include "hook/plugin.hpp"

#include <utility>

#include "base/units.hpp"
#include "hook/environment.hpp"
#include "hook/program_output.hpp"
#include "hook/trusted_program.hpp"
#include "loop/asio.hpp"
#include "loop/on_worker.hpp"
#include "process/child.hpp"

namespace certpivot::hook {

namespace {

// Why a plugin that did not end well failed: in its own words where it still found some.
std::string why_it_failed(process::Outcome const& outcome, Duration timeout) {
  auto const why = outcome.sentence(timeout);
  if (auto const answer = read_answer(outcome.output); !answer && !outcome.output.empty())
    return why + ": " + answer.error().text();
  auto const words = process::last_words(outcome.errors);
  return words.empty() ? why : why + ": " + words;
}

}  // namespace

Plugin::Plugin(std::string type, settings::Hook::External external, Duration timeout,
               Tools const& tools)
    : type_(std::move(type)), external_(std::move(external)), timeout_(timeout), tools_(tools) {}

Task<Result<Description>> Plugin::describe(Action wanted_for) const {
  event::Event about;
  about.certificate = tools_.certificate;
  auto const answer = co_await ask(Action::describe, about);
  if (!answer) co_return fail(answer.error());
  auto description = read_description(*answer);
  if (!description) co_return fail(description.error());
  if (!description->actions.contains(std::string(name(wanted_for))))
    co_return fail("there is no " + std::string(name(wanted_for)) + " by the plugin",
                   external_.program, "that is not among its \"actions\"");
  if (auto const fit = judge_config(external_.config, *description); !fit)
    co_return fail(fit.error());
  co_return description;
}

Task<Result<void>> Plugin::obey(Action action, event::Event const& event) const {
  auto const output = co_await ask(action, event);
  if (!output) co_return fail(output.error());
  co_return read_answer(*output);
}

// What it printed; it has ended, and well.
Task<Result<std::string>> Plugin::ask(Action action, event::Event const& event) const {
  auto const trusted = co_await on_worker(
      tools_.workers, [this] { return check_trusted_program(external_.program); });
  if (!trusted) co_return fail(trusted.error());
  process::Command command{
      {external_.program}, {}, question(action, external_.config, event), timeout_, true};
  command.environment = environment_of(event);
  auto outcome = co_await process::run(std::move(command), tools_.workers);
  if (!outcome) co_return fail(std::move(outcome.error()));
  log_lines(tools_.log, tools_.certificate, type_, outcome->errors);
  if (!outcome->good())
    co_return fail("no answer from the plugin", external_.program,
                   why_it_failed(*outcome, timeout_));
  if (outcome->truncated)
    co_return fail("no answer from the plugin", external_.program,
                   "it printed more than 64 KiB, which is no answer");
  co_return std::move(outcome->output);
}

}  // namespace certpivot::hook
