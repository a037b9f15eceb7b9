#include "plugins/signal/signal.hpp"

#include "log/log.hpp"
#include "loop/asio.hpp"
#include "loop/on_worker.hpp"
#include "plugins/target/target.hpp"

namespace certpivot::plugins {

namespace {

class SignalHook final : public hook::Hook {
 public:
  SignalHook(settings::Hook const& settings, hook::Tools const& tools)
      : signal_(settings.signal.signal),
        pidfile_(settings.signal.pidfile),
        process_(settings.signal.process),
        tools_(tools) {}

  [[nodiscard]] std::string name() const override {
    return "signal " + signal_ + " " + (process_.empty() ? pidfile_ : process_);
  }

  Task<Result<void>> check(event::Event const& /*event*/) override {
    co_return co_await on_worker(tools_.workers, [this] { return check_target(); });
  }

  Task<Result<void>> reload(event::Event const& /*event*/) override {
    co_return co_await on_worker(tools_.workers, [this] { return signal_target(); });
  }

 private:
  [[nodiscard]] Result<void> check_target() const {
    auto const target = find();
    if (!target) return fail(target.error());
    auto const fit = target->check(signal_number(signal_));
    if (!fit) return fail(fit.error());
    return {};
  }

  [[nodiscard]] Result<void> signal_target() const {
    auto const target = find();
    if (!target) return fail(target.error());
    auto const reaction = target->send(signal_number(signal_));
    if (!reaction) return fail(reaction.error());
    if (*reaction == Target::Reaction::none) {
      tools_.log.warning(tools_.certificate, "process " + std::to_string(target->pid()) +
                                                 " ignores " + signal_ +
                                                 ", so this hook does nothing");
    }
    return {};
  }

  [[nodiscard]] Result<Target> find() const {
    if (signal_.empty()) {
      return fail("the signal hook has no signal", {}, {},
                  "name the one that makes the server reload");
    }
    if (signal_number(signal_) == 0)
      return fail("there is no signal", signal_, {}, "write HUP, USR1 …");
    return process_.empty() ? Target::open(pidfile_) : Target::running(process_);
  }

  std::string signal_;
  std::string pidfile_;
  std::string process_;
  hook::Tools tools_;
};

}  // namespace

std::unique_ptr<hook::Hook> make_signal_hook(settings::Hook const& settings,
                                             hook::Tools const& tools) {
  return std::make_unique<SignalHook>(settings, tools);
}

}  // namespace certpivot::plugins
