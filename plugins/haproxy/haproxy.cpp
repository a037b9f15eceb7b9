#include "plugins/haproxy/haproxy.hpp"

#include "base/on_exit.hpp"
#include "log/log.hpp"
#include "loop/asio.hpp"
#include "loop/timer.hpp"
#include "plugins/haproxy/answers.hpp"
#include "plugins/haproxy/master.hpp"
#include "plugins/haproxy/runtime_api.hpp"
#include "plugins/haproxy/turn.hpp"
#include "process/child.hpp"

namespace certpivot::plugins {

namespace {

constexpr auto usual_binary = "/usr/sbin/haproxy";
constexpr Duration turn_look = std::chrono::milliseconds(5);
constexpr auto test_attempts = 3;
constexpr Duration master_answers_within = std::chrono::seconds(2);

std::vector<std::string> sockets_of(settings::Hook::Haproxy const& own) {
  std::vector<std::string> all;
  for (auto const& socket : {own.socket, own.master_socket})
    if (!socket.empty()) all.push_back(socket);
  return all;
}

Error without_master(Error error) {
  if (error.remedy.empty()) error.remedy = "a reload may do it: give the hook a master_socket";
  return error;
}

class HaproxyHook final : public hook::Hook {
 public:
  HaproxyHook(settings::Hook const& settings, hook::Tools const& tools,
              std::shared_ptr<Turns> turns)
      : settings_(settings),
        tools_(tools),
        turns_(std::move(turns)),
        api_(settings.haproxy.socket, settings.haproxy.certificate, tools) {}

  [[nodiscard]] std::string name() const override { return "haproxy"; }

  Task<Result<void>> check(event::Event const& event) override {
    if (auto const good = co_await test(); !good) co_return good;
    auto by_api = Result<void>(fail("the hook has no socket for haproxy's runtime API"));
    if (has_api()) by_api = co_await api_.check(event.paths);
    if (!has_master()) co_return by_api;
    auto by_master = co_await check_master(own().master_socket, master_answers_within);
    if (!by_master && !by_api) co_return by_master;
    if (!by_master) warn("haproxy could not be reloaded", by_master.error());
    if (!by_api && has_api()) warn("haproxy's API cannot be used", by_api.error());
    co_return Result<void>();
  }

  Task<Result<void>> reload(event::Event const& event) override {
    // Our own limit is shorter than the caller's, whose cancelling would leave nothing to say.
    auto const deadline = timer_.now() + settings_.timeout * 9 / 10;
    auto const sockets = sockets_of(own());
    while (!turns_->take(sockets)) {
      if (timer_.now() > deadline)
        co_return fail("another certificate's hook is still at work on this haproxy",
                       sockets.front());
      co_await timer_.sleep_for(turn_look);
    }
    OnExit const give_back([this, &sockets] { turns_->give_back(sockets); });
    if (!has_api()) co_return co_await reload_all(deadline);
    auto const replaced = co_await api_.replace(event.paths, deadline);
    if (replaced) co_return Result<void>();
    if (replaced.error().refused) co_return fail(replaced.error().error);
    if (!has_master()) co_return fail(without_master(replaced.error().error));
    tools_.log.notice(tools_.certificate, "haproxy is reloaded, because its API cannot do it: " +
                                              replaced.error().error.text());
    co_return co_await reload_all(deadline);
  }

 private:
  [[nodiscard]] settings::Hook::Haproxy const& own() const { return settings_.haproxy; }
  [[nodiscard]] bool has_api() const { return !own().socket.empty(); }
  [[nodiscard]] bool has_master() const { return !own().master_socket.empty(); }

  void warn(std::string const& what, Error const& error) {
    tools_.log.warning(tools_.certificate, what + ": " + error.text());
  }

  /// After a failed reload the old worker serves on, and only `haproxy -c` says the reason: the
  /// master of 2.6 writes it to its log. Asked then and not before, so that nobody waits for it.
  Task<Result<void>> reload_all(SteadyTime deadline) {
    auto const reloaded = co_await reload_by_master(own().master_socket, deadline);
    if (reloaded) co_return reloaded;
    auto const good = co_await test();
    co_return good ? reloaded : good;
  }

  /// Once more where it fails, because haproxy reads certificate and key by two names, and the
  /// pivot of another certificate may come in between.
  Task<Result<void>> test() {
    for (auto attempt = 1;; ++attempt) {
      auto answer = co_await test_once();
      if (answer || attempt == test_attempts) co_return answer;
    }
  }

  Task<Result<void>> test_once() {
    if (own().config.empty()) co_return Result<void>();
    process::Command command{
        {own().binary.empty() ? usual_binary : own().binary, "-c", "-f", own().config},
        {},
        {},
        settings_.timeout};
    auto const outcome = co_await process::run(std::move(command), tools_.workers);
    if (!outcome) co_return fail(outcome.error());
    if (outcome->good()) co_return Result<void>();
    co_return fail("haproxy -c refuses the configuration", own().config,
                   outcome->sentence(settings_.timeout) + ": " + first_alert(outcome->output));
  }

  settings::Hook settings_;
  hook::Tools tools_;
  std::shared_ptr<Turns> turns_;
  RuntimeApi api_;
  LoopTimer timer_ = {};
};

}  // namespace

hook::Factory haproxy_factory() {
  return [turns = std::make_shared<Turns>()](settings::Hook const& settings,
                                             hook::Tools const& tools) {
    return std::make_unique<HaproxyHook>(settings, tools, turns);
  };
}

}  // namespace certpivot::plugins
