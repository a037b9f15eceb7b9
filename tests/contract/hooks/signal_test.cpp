#include <signal.h>

#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

// A server that writes down each signal that reaches it.
std::vector<std::string> listener(Scene const& scene) {
  return {"/bin/sh", "-c",
          "trap 'echo hup >> " + (scene.directory / "signals").string() + "' HUP; echo $$ > " +
              (scene.directory / "pid").string() + "; while :; do sleep 0.05; done"};
}

std::string signal_hook(Scene const& scene, std::string const& more = {}) {
  return "[[certificate.hook]]\ntype = \"signal\"\nsignal = \"HUP\"\npidfile = \"" +
         (scene.directory / "pid").string() + "\"\nretries = 0\n" + more;
}

}  // namespace

TEST_CASE("a signal reaches the process that the pidfile names") {
  Scene scene;
  Program server(listener(scene));
  wait_until("the server has its pidfile", [&] {
    return std::filesystem::exists(scene.directory / "pid") && !scene.directory.read("pid").empty();
  });
  scene.hooks = signal_hook(scene);
  Daemon& daemon = scene.run();
  Pair const pair = scene.issue();
  scene.offer(pair);
  CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
  wait_until("the signal has arrived",
             [&] { return std::filesystem::exists(scene.directory / "signals"); });
  CHECK(scene.directory.read("signals") == "hup\n");
}

TEST_CASE("a stale pidfile is a failure that says so, and the old generation comes back") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  // A pid that was there and is not any more.
  Program gone({"/bin/true"});
  auto const pid = gone.pid();
  gone.wait();
  scene.directory.write("pid", std::to_string(pid) + "\n");
  scene.hooks = signal_hook(scene);
  Daemon& daemon = scene.run();
  Pair const second = scene.issue();
  scene.offer(second);
  LogLine const line = daemon.ending_of(second.fingerprint);
  CHECK(line.event == "failed");  // the pre-check sees it, so nothing was pivoted
  CHECK(line.message.find("stale") != std::string::npos);
  CHECK(scene.published() == first.fingerprint);
}

TEST_CASE("a zombie is not taken for a server") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  Program zombie({"/bin/true"});
  wait_until("it is a zombie", [&] {
    return read_file("/proc/" + std::to_string(zombie.pid()) + "/stat").find(") Z ") !=
           std::string::npos;
  });
  scene.directory.write("pid", std::to_string(zombie.pid()) + "\n");
  scene.hooks = signal_hook(scene);
  Daemon& daemon = scene.run();
  Pair const second = scene.issue();
  scene.offer(second);
  LogLine const line = daemon.ending_of(second.fingerprint);
  CHECK(line.event == "failed");
  CHECK(line.message.find("zombie") != std::string::npos);
  CHECK(scene.published() == first.fingerprint);
}

TEST_CASE("pid 1 is not signalled unless asked for") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  scene.directory.write("pid", "1\n");
  scene.hooks = signal_hook(scene);
  Daemon& daemon = scene.run();
  Pair const second = scene.issue();
  scene.offer(second);
  CHECK(daemon.ending_of(second.fingerprint).event == "failed");
  CHECK(scene.published() == first.fingerprint);
}
