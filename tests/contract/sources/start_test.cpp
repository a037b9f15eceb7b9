#include <signal.h>
#include <thread>

#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;
using certpivot::support::Pair;

TEST_CASE("a rotation at any moment of the start is not missed") {
  Scene scene;
  // The periodic read comes later than any patience, so that it is not what brings it.
  scene.source_keys =
      "directory = \"" + scene.source.string() + "\"\npoll = \"10m\"\ngrace = \"60s\"\n";
  AtomicWriter volume(scene.source);
  scene.hooks = exec_hook({"/bin/true"});
  volume.write(scene.contents(scene.issue()));
  std::string const config = scene.config();
  for (int delay = 0; delay < 40; delay += 2) {
    CAPTURE(delay);
    Pair const next = scene.issue();
    Program daemon({certpivot_binary(), "run", "-c", config});
    std::this_thread::sleep_for(std::chrono::milliseconds(delay));
    volume.write(scene.contents(next));
    wait_until("the last pair is in force", [&] { return scene.published() == next.fingerprint; });
    daemon.send(SIGTERM);
    CHECK(daemon.wait() == 0);
  }
}

TEST_CASE("a rotation between the first read and the first watch is not missed") {
  Scene scene;
  scene.source_keys =
      "directory = \"" + scene.source.string() + "\"\npoll = \"10m\"\ngrace = \"60s\"\n";
  AtomicWriter volume(scene.source);
  scene.hooks = exec_hook({"/bin/true"});
  volume.write(scene.contents(scene.issue()));
  // The log line is as near to the first look as one gets from outside.
  for (int delay = 0; delay < 10; ++delay) {
    CAPTURE(delay);
    Pair const next = scene.issue();
    scene.run();
    std::this_thread::sleep_for(std::chrono::milliseconds(delay));
    volume.write(scene.contents(next));
    wait_until("the last pair is in force", [&] { return scene.published() == next.fingerprint; });
    CHECK(scene.stop() == 0);
  }
}
