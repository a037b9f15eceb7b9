#include "plugins/signal/signal.hpp"

#include <optional>

#include "log/log.hpp"
#include "loop/asio.hpp"
#include "loop/on_worker.hpp"
#include "plugins/systemd/main_process.hpp"
#include "plugins/target/target.hpp"

namespace certpivot::plugins {

namespace {

/// Whatever a worker needs: it may outlive the hook where the bus hangs.
struct Aim {
  settings::Hook::Signal own = {};
  std::string bus_address = {};
  SteadyTime deadline = {};

  [[nodiscard]] Result<Target> find() const {
    if (own.signal.empty()) {
      return fail("the signal hook has no signal", {}, {},
                  "name the one that makes the server reload");
    }
    if (signal_number(own.signal) == 0)
      return fail("there is no signal", own.signal, {}, "write HUP, USR1 …");
    if (!own.unit.empty()) return main_process(own.unit, bus_address, deadline);
    return own.process.empty() ? Target::open(own.pidfile) : Target::running(own.process);
  }

  [[nodiscard]] Result<void> check() const {
    auto const target = find();
    if (!target) return fail(target.error());
    auto const fit = target->check(signal_number(own.signal));
    if (!fit) return fail(fit.error());
    return {};
  }

  /// The process, where it ignores the signal.
  [[nodiscard]] Result<std::optional<::pid_t>> send() const {
    auto const target = find();
    if (!target) return fail(target.error());
    auto const reaction = target->send(signal_number(own.signal));
    if (!reaction) return fail(reaction.error());
    if (*reaction == Target::Reaction::none) return std::optional(target->pid());
    return std::nullopt;
  }
};

class SignalHook final : public hook::Hook {
 public:
  SignalHook(settings::Hook const& settings, hook::Tools const& tools, std::string bus_address)
      : own_(settings.signal),
        limit_(settings.timeout * 9 / 10),
        tools_(tools),
        bus_address_(std::move(bus_address)) {}

  [[nodiscard]] std::string name() const override {
    return "signal " + own_.signal + " " + own_.pidfile + own_.unit + own_.process;
  }

  Task<Result<void>> check(event::Event const& /*event*/) override {
    auto job = [aim = aim()] { return aim.check(); };
    co_return co_await on_worker(tools_.workers, std::move(job));
  }

  Task<Result<void>> reload(event::Event const& /*event*/) override {
    auto job = [aim = aim()] { return aim.send(); };
    auto const deaf = co_await on_worker(tools_.workers, std::move(job));
    if (!deaf) co_return fail(deaf.error());
    if (*deaf)
      tools_.log.warning(tools_.certificate, "process " + std::to_string(**deaf) + " ignores " +
                                                 own_.signal + ", so this hook does nothing");
    co_return Result<void>();
  }

 private:
  [[nodiscard]] Aim aim() const {
    return {own_, bus_address_, std::chrono::steady_clock::now() + limit_};
  }

  settings::Hook::Signal own_;
  Duration limit_;  ///< shorter than the caller's, whose cancelling would leave nothing to say
  hook::Tools tools_;
  std::string bus_address_;
};

}  // namespace

hook::Factory signal_factory(std::string bus_address) {
  return
      [address = std::move(bus_address)](settings::Hook const& settings, hook::Tools const& tools) {
        return std::make_unique<SignalHook>(settings, tools, address);
      };
}

}  // namespace certpivot::plugins
