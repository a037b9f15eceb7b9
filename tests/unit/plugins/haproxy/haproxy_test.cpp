#include "plugins/haproxy/haproxy.hpp"

#include <csignal>

#include <doctest/doctest.h>

#include "loop/asio.hpp"
#include "support/haproxy.hpp"
#include "support/holds.hpp"
#include "support/pki.hpp"
#include "support/run_task.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using namespace certpivot::plugins;
using certpivot::testing::run_task;
using testing::Haproxy;
using testing::holds;

namespace {

/// A publish directory whose link `current` moves, and hooks for a haproxy that serves it.
struct Stage {
  testing::TempDirectory directory = {};
  testing::Authority authority = testing::Authority();
  std::string current = (directory / "current").string();
  event::Event event = {};
  Log log{LogLevel::error, LogFormat::text, false};
  hook::Factory factory = haproxy_factory();
  int generation = 0;

  Stage() {
    event.paths = {current + "/tls.crt", current + "/tls.key", ""};
    publish(authority.issue());
  }
  void publish(testing::Pair const& pair) {
    auto const name = "generations/" + std::to_string(++generation);
    directory.make(name);
    directory.write(name + "/tls.crt", pair.certificate_pem);
    directory.write(name + "/tls.key", pair.key_pem);
    std::filesystem::create_symlink(name, current + ".new");
    std::filesystem::rename(current + ".new", current);
  }
  std::unique_ptr<hook::Hook> hook(settings::Hook::Haproxy haproxy, Duration timeout = {}) {
    settings::Hook settings;
    settings.type = "haproxy";
    settings.haproxy = std::move(haproxy);
    if (timeout != Duration::zero()) settings.timeout = timeout;
    return factory(settings, {log, "web", testing::lasting_workers()});
  }
  std::string loaded(Haproxy const& haproxy) const {
    return Haproxy::ask(haproxy.socket(), "show ssl cert " + event.paths.certificate + "\n");
  }
};

std::string text_of(Result<void> const& answer) { return answer ? "" : answer.error().text(); }

}  // namespace

TEST_CASE("the API alone brings a pair, and check() changes nothing") {
  Stage stage;
  Haproxy const haproxy({.certificate = stage.event.paths.certificate});
  auto const hook = stage.hook({.socket = haproxy.socket()});
  auto const pair = stage.authority.issue();
  stage.publish(pair);
  CHECK(text_of(run_task(hook->check(stage.event))).empty());
  CHECK_FALSE(holds(stage.loaded(haproxy), "Serial: " + pair.serial));
  for (int twice = 0; twice < 2; ++twice) {
    CHECK(text_of(run_task(hook->reload(stage.event))).empty());
    CHECK(holds(stage.loaded(haproxy), pair.serial));
  }
}

TEST_CASE("a mismatched pair is refused in haproxy's words, and leaves no transaction") {
  Stage stage;
  Haproxy const haproxy({.certificate = stage.event.paths.certificate});
  auto pair = stage.authority.issue();
  pair.key_pem = stage.authority.issue().key_pem;
  stage.publish(pair);
  auto const before = stage.loaded(haproxy);
  auto const hook =
      stage.hook({.socket = haproxy.socket(), .master_socket = haproxy.master_socket()});
  auto const text = text_of(run_task(hook->reload(stage.event)));
  CHECK(holds(text, "inconsistencies between private key and certificate"));
  CHECK(stage.loaded(haproxy) == before);
  CHECK_FALSE(holds(Haproxy::ask(haproxy.socket(), "show ssl cert\n"), "*"));
  CHECK(holds(haproxy.processes(), "[failed: 0]"));

  auto const by_master = stage.hook({.master_socket = haproxy.master_socket()});
  CHECK(holds(text_of(run_task(by_master->reload(stage.event))), "[failed: 1]"));
  auto const tested =
      stage.hook({.master_socket = haproxy.master_socket(), .config = haproxy.config()});
  CHECK(holds(text_of(run_task(tested->reload(stage.event))), "haproxy -c refuses"));
  CHECK(holds(text_of(run_task(tested->check(stage.event))), "inconsistencies"));
  stage.publish(stage.authority.issue());
  CHECK(text_of(run_task(tested->reload(stage.event))).empty());
  CHECK(holds(haproxy.processes(), "[failed: 0]"));
}

TEST_CASE("without any way to haproxy, check() says why for the API alone and for both") {
  Stage stage;
  std::string const nowhere = (stage.directory / "nowhere.sock").string();
  auto const by_api = stage.hook({.socket = nowhere});
  CHECK(holds(text_of(run_task(by_api->check(stage.event))), nowhere));
  CHECK(holds(text_of(run_task(by_api->reload(stage.event))), nowhere));
  Haproxy const haproxy({.certificate = stage.event.paths.certificate, .level = "operator"});
  auto const forbidden = stage.hook({.socket = haproxy.socket()});
  CHECK(holds(text_of(run_task(forbidden->check(stage.event))), "level admin"));
  auto const both = stage.hook({.socket = nowhere, .master_socket = haproxy.master_socket()});
  CHECK(text_of(run_task(both->check(stage.event))).empty());
  CHECK(text_of(run_task(both->reload(stage.event))).empty());
  auto const wrong = stage.hook({.master_socket = haproxy.socket()});
  CHECK(holds(text_of(run_task(wrong->check(stage.event))), "not haproxy's master socket"));
}

TEST_CASE("a socket whose queue nobody takes from costs no more than the hook's time") {
  Stage stage;
  Haproxy const haproxy({.certificate = stage.event.paths.certificate});
  ::kill(std::stoi(haproxy.worker()), SIGSTOP);
  auto const hook = stage.hook({.socket = haproxy.socket()}, std::chrono::milliseconds(300));
  CHECK(holds(text_of(run_task(hook->reload(stage.event))), "does not answer"));
  ::kill(std::stoi(haproxy.worker()), SIGCONT);
}

TEST_CASE("hooks of one factory take turns on one haproxy") {
  Stage stage;
  Haproxy const haproxy({.certificate = stage.event.paths.certificate});
  auto const first = stage.hook({.socket = haproxy.socket()});
  auto const second = stage.hook({.socket = haproxy.socket()});
  stage.publish(stage.authority.issue());
  asio::io_context& loop = testing::lasting_loop();
  std::vector<Result<void>> answers;
  auto const keep = [&answers](std::exception_ptr const&, Result<void> answer) {
    answers.push_back(std::move(answer));
  };
  loop.restart();
  for (int round = 0; round < 10; ++round)
    for (auto const* hook : {&first, &second})
      asio::co_spawn(loop, (*hook)->reload(stage.event), keep);
  loop.run();
  REQUIRE(answers.size() == 20);
  for (auto const& answer : answers) CHECK(text_of(answer).empty());
}
