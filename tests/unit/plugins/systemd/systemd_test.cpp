#include "plugins/systemd/systemd.hpp"

#include <csignal>
#include <unistd.h>

#include <doctest/doctest.h>

#include "loop/asio.hpp"
#include "plugins/signal/signal.hpp"
#include "plugins/systemd/job.hpp"
#include "plugins/systemd/refused.hpp"
#include "support/fake_systemd.hpp"
#include "support/holds.hpp"
#include "support/program.hpp"
#include "support/run_task.hpp"

using namespace certpivot;
using testing::FakeSystemd;
using testing::FakeSystemdOptions;
using testing::holds;
using testing::run_task;

namespace {

using Action = settings::Hook::Systemd::Action;

struct Asked {
  std::string check = {};
  std::string reload = {};
};

std::string text_of(Result<void> const& answer) { return answer ? "" : answer.error().text(); }

/// What the hook says of the bus at this address; empty where all is well.
Asked ask(std::string const& address, Action action = Action::reload,
          Duration timeout = std::chrono::seconds(10)) {
  Log log(LogLevel::error, LogFormat::text, false);
  settings::Hook settings;
  settings.type = "systemd";
  settings.timeout = timeout;
  settings.systemd = {"fake.service", action};
  auto const hook =
      plugins::systemd_factory(address)(settings, {log, "web", testing::lasting_workers()});
  CHECK(hook->name() == "systemd fake.service");
  event::Event const event;
  auto check = text_of(run_task(hook->check(event)));
  return {std::move(check), text_of(run_task(hook->reload(event)))};
}

FakeSystemdOptions with(std::string const& name,
                        std::variant<std::string, bool, std::uint32_t> value) {
  FakeSystemdOptions options;
  options.properties[name] = std::move(value);
  return options;
}

}  // namespace

TEST_CASE("a job that systemd has done is a success, whenever its end is told") {
  for (bool const early : {false, true}) {
    FakeSystemd const systemd({.early = early});
    auto const asked = ask(systemd.address());
    CHECK(asked.check.empty());
    CHECK(asked.reload.empty());
    CHECK(holds(systemd.calls(), "ReloadUnit fake.service\n"));
  }
}

TEST_CASE("each action is its method of the manager's, and listens before it begins") {
  for (auto const& [action, method] : {std::pair{Action::reload, "ReloadUnit"},
                                       {Action::restart, "RestartUnit"},
                                       {Action::try_reload_or_restart, "ReloadOrTryRestartUnit"}}) {
    FakeSystemd const systemd({});
    CHECK(ask(systemd.address(), action).reload.empty());
    CHECK(holds(systemd.calls(),
                std::string("AddMatch \nSubscribe \n") + method + " fake.service\n"));
  }
}

TEST_CASE("a job that ends otherwise is a failure in the unit's words") {
  for (auto const& [result, words] :
       {std::pair{"failed", "it failed: status \"reload failed: no key\""},
        {"timeout", "it took longer than the unit allows: status"},
        {"canceled", "another job took its place: status"},
        {"dependency", "a unit that it needs failed: status"},
        {"skipped", "it does not apply to the unit's state: status"},
        {"collected", "it ended as collected: status"}}) {
    auto options = with("StatusText", std::string("reload failed: no key"));
    options.result = result;
    FakeSystemd const systemd(options);
    auto const text = ask(systemd.address()).reload;
    CHECK_MESSAGE(holds(text, std::string("systemd did not reload fake.service: ") + words), text);
    CHECK(holds(text, "journalctl -u fake.service says more"));
  }
}

TEST_CASE("the end of a job counts only from whom took it") {
  FakeSystemd const systemd({.result = "failed", .forged = true});
  CHECK(holds(ask(systemd.address()).reload, "it failed"));
}

TEST_CASE("what systemd refuses is told with what to do") {
  for (auto const& [name, words] :
       {std::pair{
            "org.freedesktop.DBus.Error.AccessDenied",
            "systemd does not let us: the reason; run certpivot as root, or let its user do it "
            "by a polkit rule"},
        {"org.freedesktop.DBus.Error.InteractiveAuthorizationRequired", "by a polkit rule"},
        {"org.freedesktop.systemd1.NoSuchUnit", "there is no such unit: the reason"},
        {"org.freedesktop.systemd1.UnitMasked", "the unit is masked"},
        {"org.freedesktop.systemd1.JobTypeNotApplicable", "take another action"},
        {"org.freedesktop.DBus.Error.ServiceUnknown", "systemd is not on the bus"},
        {"org.example.Other", "systemd refuses: the reason"}}) {
    FakeSystemd const systemd({.refusal = name});
    auto const text = ask(systemd.address()).reload;
    CHECK_MESSAGE(holds(text, words), text);
  }
  CHECK(plugins::refused_call("org.example.Other", "").why == "org.example.Other");
}

TEST_CASE("the check tells a unit that is not there, masked, bad, asleep, or has no reload") {
  struct Row {
    FakeSystemdOptions options;
    char const* reload;
    char const* restart;
  };
  for (auto const& [options, reload, restart] :
       {Row{with("LoadState", std::string("not-found")), "there is no unit fake.service",
            "there is no unit fake.service"},
        Row{with("LoadState", std::string("masked")), "systemctl unmask fake.service",
            "systemctl unmask fake.service"},
        Row{with("LoadState", std::string("bad-setting")), "its state is bad-setting",
            "its state is bad-setting"},
        Row{with("ActiveState", std::string("failed")), "it is failed", ""},
        Row{with("ActiveState", std::string("reloading")), "", ""},
        Row{with("CanReload", false), "it has no ExecReload=", ""}}) {
    FakeSystemd const systemd(options);
    for (auto const& [action, words] : {std::pair{Action::reload, reload},
                                        {Action::restart, restart},
                                        {Action::try_reload_or_restart, restart}}) {
      auto const text = ask(systemd.address(), action).check;
      CHECK_MESSAGE((*words == '\0' ? text.empty() : holds(text, words)), text);
    }
  }
}

TEST_CASE("a bus that hangs anywhere costs no more than the hook's time") {
  for (std::string const call :
       {"Hello", "LoadUnit", "Get", "AddMatch", "Subscribe", "ReloadUnit"}) {
    FakeSystemd const systemd({.silent_at = call});
    auto const text = ask(systemd.address(), Action::reload, std::chrono::milliseconds(100)).reload;
    INFO(call << ": " << text);
    // Properties are not asked for by a reload that goes well.
    CHECK(text.empty() == (call == "Get"));
  }
  testing::SocketServer const silent(testing::stay_silent);
  auto const address = "tcp:host=127.0.0.1,port=" + std::to_string(silent.port());
  CHECK(holds(ask(address, Action::reload, std::chrono::milliseconds(100)).check,
              "cannot reach the system bus " + address + ": Connection timed out"));
  FakeSystemd const endless({.result = ""});
  CHECK(holds(ask(endless.address(), Action::reload, std::chrono::milliseconds(100)).reload,
              "its job has not ended yet, and goes on"));
}

TEST_CASE("without a bus the hook says what it needs") {
  auto const asked = ask("unix:path=/nonexistent/bus");
  for (auto const& text : {asked.check, asked.reload})
    CHECK(holds(text, "cannot reach the system bus unix:path=/nonexistent/bus: No such file"));
  CHECK(holds(ask("nonsense").check, "cannot reach the system bus nonsense"));
}

TEST_CASE("a signal goes to the main process of a unit, and nowhere where there is none") {
  testing::Program const server(
      {"/bin/sh", "-c", "trap 'echo hup' HUP; echo up; while :; do sleep 0.01; done"});
  server.wait_for_output([](std::string const& output) { return holds(output, "up"); });
  auto const signal = [](FakeSystemd const& systemd) {
    Log log(LogLevel::error, LogFormat::text, false);
    settings::Hook settings;
    settings.type = "signal";
    settings.signal = {.signal = "HUP", .unit = "fake.service"};
    auto const hook = plugins::signal_factory(systemd.address())(
        settings, {log, "web", testing::lasting_workers()});
    CHECK(hook->name() == "signal HUP fake.service");
    event::Event const event;
    auto const check = text_of(run_task(hook->check(event)));
    auto const sent = text_of(run_task(hook->reload(event)));
    CHECK(check == sent);
    return sent;
  };
  FakeSystemd const good(with("MainPID", static_cast<std::uint32_t>(server.pid())));
  CHECK(signal(good).empty());
  CHECK(server.wait_for_output([](std::string const& output) { return holds(output, "hup"); }));
  auto elsewhere = with("MainPID", static_cast<std::uint32_t>(server.pid()));
  elsewhere.properties["ControlGroup"] = std::string("/system.slice/fake.service");
  FakeSystemd const other_namespace(elsewhere);
  CHECK(holds(signal(other_namespace),
              "this one is not in /system.slice/fake.service; run certpivot"));
  FakeSystemd const asleep(with("MainPID", std::uint32_t{0}));
  CHECK(holds(signal(asleep), "there is no main process of fake.service: it is active"));
  FakeSystemd const missing(with("LoadState", std::string("not-found")));
  CHECK(holds(signal(missing), "there is no unit fake.service"));
  FakeSystemd const no_service([] {
    FakeSystemdOptions options;
    options.properties.erase("MainPID");
    return options;
  }());
  CHECK(holds(signal(no_service), "fake.service: the reason"));
}
