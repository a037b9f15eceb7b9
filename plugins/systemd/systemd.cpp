#include "plugins/systemd/systemd.hpp"

#include "loop/asio.hpp"
#include "loop/on_worker.hpp"
#include "plugins/systemd/job.hpp"

namespace certpivot::plugins {

namespace {

using Action = settings::Hook::Systemd::Action;

/// Whatever a worker needs for one conversation: it may outlive the hook where a bus hangs.
struct Talk {
  settings::Hook::Systemd settings = {};
  std::string address = {};
  SteadyTime deadline = {};

  [[nodiscard]] Result<void> check() const {
    auto bus = Bus::open(address, deadline);
    if (!bus) return fail(bus.error());
    auto unit = Unit::find(*bus, settings.unit);
    if (!unit) return fail(unit.error());
    return settings.action == Action::reload ? unit->can_reload() : unit->is_loaded();
  }

  [[nodiscard]] Result<void> reload() const {
    auto bus = Bus::open(address, deadline);
    if (!bus) return fail(bus.error());
    auto unit = Unit::find(*bus, settings.unit);
    if (!unit) return fail(unit.error());
    return run_job(*bus, *unit, settings.action);
  }
};

class SystemdHook final : public hook::Hook {
 public:
  SystemdHook(settings::Hook const& settings, hook::Tools const& tools, std::string bus_address)
      : settings_(settings), tools_(tools), bus_address_(std::move(bus_address)) {}

  [[nodiscard]] std::string name() const override { return "systemd " + settings_.systemd.unit; }

  Task<Result<void>> check(event::Event const& /*event*/) override {
    auto job = [talk = talk()] { return talk.check(); };
    co_return co_await on_worker(tools_.workers, std::move(job));
  }

  Task<Result<void>> reload(event::Event const& /*event*/) override {
    auto job = [talk = talk()] { return talk.reload(); };
    co_return co_await on_worker(tools_.workers, std::move(job));
  }

 private:
  /// Its limit is shorter than the caller's, whose cancelling would leave nothing to say.
  [[nodiscard]] Talk talk() const {
    return {settings_.systemd, bus_address_,
            std::chrono::steady_clock::now() + settings_.timeout * 9 / 10};
  }

  settings::Hook settings_;
  hook::Tools tools_;
  std::string bus_address_;
};

}  // namespace

hook::Factory systemd_factory(std::string bus_address) {
  return
      [address = std::move(bus_address)](settings::Hook const& settings, hook::Tools const& tools) {
        return std::make_unique<SystemdHook>(settings, tools, address);
      };
}

}  // namespace certpivot::plugins
