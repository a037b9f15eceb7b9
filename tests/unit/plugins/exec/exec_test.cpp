#include "plugins/exec/exec.hpp"

#include <algorithm>
#include <cstdio>

#include <doctest/doctest.h>

#include "loop/asio.hpp"
#include "support/holds.hpp"
#include "support/run_task.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using namespace certpivot::plugins;
using namespace std::chrono_literals;
using certpivot::testing::run_task;
using certpivot::testing::TempDirectory;
using testing::holds;

namespace {

event::Event an_event() {
  event::Event event;
  event.kind = event::Kind::committed;
  event.certificate = "web";
  event.generation = 7;
  event.paths = {"/p/current/tls.crt", "/p/current/tls.key", ""};
  event.leaf.emplace();
  event.leaf->fingerprint = "ab12";
  event.leaf->not_after = WallTime(std::chrono::seconds(0));
  return event;
}

struct Stage {
  TempDirectory directory = {};
  std::FILE* file = std::fopen((directory / "log").c_str(), "w");
  Log log{LogLevel::debug, LogFormat::text, false, ::fileno(file)};

  Stage() = default;
  Stage(Stage const&) = delete;
  Stage& operator=(Stage const&) = delete;
  ~Stage() { std::fclose(file); }

  std::unique_ptr<hook::Hook> hook(std::vector<std::string> command, Duration timeout = 30s) {
    settings::Hook settings;
    settings.type = "exec";
    settings.exec.command = std::move(command);
    settings.timeout = timeout;
    return make_exec_hook(settings, {log, "web", testing::lasting_workers()});
  }
  std::unique_ptr<hook::Hook> script(std::string const& text, Duration timeout = 30s) {
    return hook({"/bin/sh", "-c", text}, timeout);
  }
};

}  // namespace

TEST_CASE("a command gets the event in its environment and as JSON on standard input") {
  Stage stage;
  auto const env = (stage.directory / "env").string();
  auto const input = (stage.directory / "input").string();
  auto const hook = stage.script("env > " + env + "; cat > " + input);
  REQUIRE(run_task(hook->reload(an_event())).has_value());
  auto const variables = stage.directory.read("env");
  for (auto const* line :
       {"CERTPIVOT_EVENT=committed\n", "CERTPIVOT_CERTIFICATE=web\n", "CERTPIVOT_GENERATION=7\n",
        "CERTPIVOT_CERTIFICATE_FILE=/p/current/tls.crt\n",
        "CERTPIVOT_KEY_FILE=/p/current/tls.key\n", "CERTPIVOT_CA_FILE=\n",
        "CERTPIVOT_FINGERPRINT=ab12\n", "CERTPIVOT_NOT_AFTER=1970-01-01T00:00:00Z\n"}) {
    CHECK_MESSAGE(holds(variables, line), line);
  }
  CHECK(stage.directory.read("input") == event::to_json(an_event()) + "\n");
}

TEST_CASE("a command's output is logged line by line and cannot forge a line") {
  Stage stage;
  auto const hook = stage.script("echo one; echo; printf 'two\\033[0m\\rthree\\n'");
  REQUIRE(run_task(hook->reload(an_event())).has_value());
  auto const logged = stage.directory.read("log");
  CHECK(holds(logged, "one"));
  CHECK(std::count(logged.begin(), logged.end(), '\n') == 2);
  CHECK(!holds(logged, "\033"));
  CHECK(!holds(logged, "\r"));
}

TEST_CASE("a command that fails is a failure with its exit code and its last words") {
  Stage stage;
  auto const answer = run_task(stage.script("echo no such unit >&2; exit 5")->reload(an_event()));
  REQUIRE(!answer.has_value());
  CHECK(answer.error().text() == "/bin/sh failed: exited with 5: no such unit");
}

TEST_CASE("a command that hangs is ended, and the failure says so") {
  Stage stage;
  auto const answer = run_task(stage.script("echo waiting; sleep 300", 300ms)->reload(an_event()));
  REQUIRE(!answer.has_value());
  CHECK(holds(answer.error().text(), "did not end within 300ms and was killed: waiting"));
}

TEST_CASE("a command that prints 100 MB succeeds, and the log says that it was cut") {
  Stage stage;
  REQUIRE(run_task(stage.script("head -c 100000000 /dev/zero")->reload(an_event())).has_value());
  CHECK(holds(stage.directory.read("log"), "only its first 64 KiB are logged"));
}

TEST_CASE("a command that forks away succeeds, and the log tells what it left behind") {
  Stage stage;
  auto const pid = (stage.directory / "pid").string();
  REQUIRE(run_task(stage.script("sleep 300 & echo $! > " + pid)->reload(an_event())).has_value());
  CHECK(holds(stage.directory.read("log"), "left a process running"));
  CHECK(run_task(stage.script("kill $(cat " + pid + ")")->reload(an_event())).has_value());
}

TEST_CASE("a check finds a missing, a relative and a non-executable program before the pivot") {
  Stage stage;
  CHECK(run_task(stage.hook({"/bin/true"})->check(an_event())).has_value());
  auto const refused = [&](std::vector<std::string> command) {
    auto const checked = run_task(stage.hook(std::move(command))->check(an_event()));
    REQUIRE(!checked.has_value());
    return checked.error().text();
  };
  CHECK(holds(refused({"/nowhere/reload"}), "No such file"));
  CHECK(holds(refused({"reload"}), "not absolute"));
  CHECK(holds(refused({}), "the command is empty"));
  CHECK(holds(refused({stage.directory.write("hook", "#!/bin/sh\n", 0644).string()}), "chmod +x"));
}
