#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

TEST_CASE("a second daemon on the same state directory refuses to start, the first goes on") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  Daemon& daemon = scene.run();
  Outcome const second = scene.command({"run", "-c", scene.config()});
  CHECK(second.exit_code == 70);
  CHECK(second.err.find((scene.directory / "state").string()) != std::string::npos);
  auto const pair = scene.issue();
  scene.offer(pair);
  CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
}

TEST_CASE("SIGTERM ends the daemon with success, after the rollout in hand") {
  Scene scene;
  std::string const began = scene.directory / "began";
  std::string const ended = scene.directory / "ended";
  scene.hooks =
      exec_hook({"/bin/sh", "-c", "echo x > " + began + "; sleep 0.3; echo x > " + ended});
  Daemon& daemon = scene.run();
  auto const pair = scene.issue();
  scene.offer(pair);
  wait_until("the hook has begun", [&] { return std::filesystem::exists(began); });
  CHECK(daemon.stop() == 0);
  CHECK(std::filesystem::exists(ended));
  CHECK(daemon.all("committed").size() == 1);
}

TEST_CASE("a state directory that is removed under a running daemon is told, and rotations go on") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  Daemon& daemon = scene.run();
  std::filesystem::remove_all(scene.directory / "state");
  auto const pair = scene.issue();
  scene.offer(pair);
  CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
  daemon.wait_for_text("the journal was removed from the state directory");
}
