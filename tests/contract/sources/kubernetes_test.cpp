#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

TEST_CASE("a mounted Secret: five flips of ..data arrive, each at once") {
  Scene scene;
  AtomicWriter volume(scene.source);
  scene.hooks = exec_hook({"/bin/true"});
  Daemon& daemon = scene.run();
  for (unsigned turn = 1; turn <= 5; ++turn) {
    Pair const pair = scene.issue();
    volume.write(scene.contents(pair));
    LogLine const line = daemon.ending_of(pair.fingerprint);
    CHECK(line.event == "committed");
    CHECK(line.generation == turn);
    CHECK(scene.published() == pair.fingerprint);
  }
  CHECK(daemon.all("refused").empty());
}

TEST_CASE("two flips right after each other end with the second") {
  Scene scene;
  AtomicWriter volume(scene.source);
  scene.hooks = exec_hook({"/bin/true"});
  Daemon& daemon = scene.run();
  for (int turn = 0; turn < 5; ++turn) {
    Pair const passing = scene.issue();
    Pair const last = scene.issue();
    volume.write(scene.contents(passing));
    volume.write(scene.contents(last));
    CHECK(daemon.ending_of(last.fingerprint).event == "committed");
    CHECK(scene.published() == last.fingerprint);
  }
}
