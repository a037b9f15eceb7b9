#include "hook/attempt.hpp"

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "log/log.hpp"
#include "loop/asio.hpp"
#include "process/child.hpp"
#include "support/run_task.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using namespace std::chrono_literals;
using certpivot::testing::run_task;

namespace {

/// Returns at once and writes down how long was asked for.
class WrittenDown final : public Timer {
 public:
  SteadyTime now() const override { return {}; }
  Task<void> sleep_for(Duration duration) override {
    asked.push_back(duration);
    co_return;
  }
  std::vector<Duration> asked = {};
};

/// Fails, hangs or succeeds as told, and counts.
struct Scripted final : hook::Hook {
  unsigned failures = 0;
  bool hangs = false;
  bool throws = false;
  bool keeps_its_own_limit = false;
  unsigned reloads = 0;

  std::string name() const override { return "scripted"; }
  Task<Result<void>> check(event::Event const& event) override { return reload(event); }
  Task<Result<void>> reload(event::Event const& /*event*/) override {
    ++reloads;
    if (throws) throw std::runtime_error("out of everything");
    if (keeps_its_own_limit) co_return co_await stubborn();
    if (hangs) co_await LoopTimer().sleep_for(std::chrono::hours(1));
    if (hangs) co_await LoopTimer().sleep_for(std::chrono::hours(1));
    if (reloads <= failures) co_return fail("no luck", std::to_string(reloads));
    co_return Result<void>();
  }
  static process::Command sleeper() {
    return {{"/bin/sh", "-c", "echo stuck; sleep 300"}, {}, {}, 300ms};
  }
  static Task<Result<void>> stubborn() {
    auto const outcome = co_await process::run(sleeper(), testing::lasting_workers());
    co_return fail(outcome->sentence(300ms) + ": " + outcome->output);
  }
};

struct Stage {
  testing::TempDirectory directory = {};
  std::FILE* file = std::fopen((directory / "log").c_str(), "w");
  Log log{LogLevel::debug, LogFormat::text, false, ::fileno(file)};
  WrittenDown timer = {};
  Scripted scripted = {};
  settings::Hook settings = {};
  event::Event event = {};

  Stage() { event.certificate = "web"; }
  Stage(Stage const&) = delete;
  Stage& operator=(Stage const&) = delete;
  ~Stage() { std::fclose(file); }
  Result<void> reload() {
    return run_task(hook::attempt_reload(scripted, settings, event, timer, log));
  }
  std::string logged() const { return directory.read("log"); }
};

}  // namespace

TEST_CASE("a hook that works is run once") {
  Stage stage;
  CHECK(stage.reload().has_value());
  CHECK(stage.scripted.reloads == 1);
  CHECK(stage.timer.asked.empty());
  CHECK(stage.logged().empty());
}

TEST_CASE("a hook that fails at first is run again, and each failure is one line of the log") {
  Stage stage;
  stage.scripted.failures = 2;
  CHECK(stage.reload().has_value());
  CHECK(stage.scripted.reloads == 3);
  CHECK(stage.timer.asked == std::vector<Duration>{200ms, 400ms});
  auto const lines = stage.logged();
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 2);
  CHECK(lines.find("attempt 1 of 3") != std::string::npos);
  CHECK(lines.find("no luck 2") != std::string::npos);
}

TEST_CASE("the last attempt's error is the answer, and the pauses stop growing at five seconds") {
  Stage stage;
  stage.settings.retries = 7;
  stage.scripted.failures = 100;
  auto const answer = stage.reload();
  REQUIRE(!answer.has_value());
  CHECK(answer.error().text() == "no luck 8");
  CHECK(stage.timer.asked ==
        std::vector<Duration>{200ms, 400ms, 800ms, 1600ms, 3200ms, 5000ms, 5000ms});
}

TEST_CASE("a hook that hangs is cancelled at its limit and the failure says so") {
  Stage stage;
  stage.settings.retries = 0;
  stage.settings.timeout = 50ms;
  stage.scripted.hangs = true;
  auto const answer = stage.reload();
  REQUIRE(!answer.has_value());
  CHECK(answer.error().text().find("hook scripted did not come back within 50ms") !=
        std::string::npos);
  auto const checked = run_task(hook::attempt_check(stage.scripted, stage.settings, stage.event));
  REQUIRE(!checked.has_value());
  CHECK(checked.error().text().find("within 50ms") != std::string::npos);
}

TEST_CASE("a hook that keeps its own limit is believed, although it was cancelled meanwhile") {
  Stage stage;
  stage.settings.retries = 0;
  stage.settings.timeout = 300ms;
  stage.scripted.keeps_its_own_limit = true;
  auto const answer = stage.reload();
  REQUIRE(!answer.has_value());
  CHECK(answer.error().what == "did not end within 300ms and was killed: stuck\n");
}

TEST_CASE("an exception of a hook is a failure like any other") {
  Stage stage;
  stage.settings.retries = 1;
  stage.scripted.throws = true;
  auto const answer = stage.reload();
  REQUIRE(!answer.has_value());
  CHECK(stage.scripted.reloads == 2);
  CHECK(answer.error().text().find("out of everything") != std::string::npos);
}
