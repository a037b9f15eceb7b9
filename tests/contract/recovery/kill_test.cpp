#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

std::string read_if_there(std::filesystem::path const& path) {
  return std::filesystem::exists(path) ? read_file(path) : "";
}

}  // namespace

TEST_CASE("killed in the middle of a hook, the next start runs it for the generation in force") {
  Scene scene;
  std::string const calls = scene.directory / "calls";
  std::string const gate = scene.directory / "gate";
  // The first time it says that it has begun, and waits at a gate that only opens after the kill.
  scene.hooks = exec_hook({"/bin/sh", "-c",
                           "echo $CERTPIVOT_FINGERPRINT >> " + calls + "; while [ ! -e " + gate +
                               " ]; do sleep 0.02; done"},
                          "timeout = \"60s\"\n");
  Pair const pair = scene.issue();
  scene.offer(pair);
  Daemon killed(scene.config());
  wait_until("the hook has begun", [&] { return !read_if_there(calls).empty(); });
  killed.kill();
  scene.directory.write("gate", "open");
  CHECK(scene.published() == pair.fingerprint);

  Daemon& daemon = scene.run();
  CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
  CHECK(read_file(calls) == pair.fingerprint + "\n" + pair.fingerprint + "\n");
}

TEST_CASE("killed at any moment, the next start has the pair whole and its hook done") {
  Scene scene;
  std::string const calls = scene.directory / "calls";
  scene.hooks = exec_hook({"/bin/sh", "-c", "echo $CERTPIVOT_FINGERPRINT >> " + calls});
  Pair first = scene.issue();
  scene.publish_first(first);
  for (int const delay : {0, 1, 2, 3, 5, 8, 12, 20, 30}) {
    CAPTURE(delay);
    Pair const next = scene.issue();
    {
      Daemon killed(scene.config());
      scene.offer(next);
      std::this_thread::sleep_for(std::chrono::milliseconds(delay));
      killed.kill();
    }
    // Whatever is published is one whole pair.
    std::string const published = scene.published();
    CHECK((published == first.fingerprint || published == next.fingerprint));
    CHECK(read_file(scene.publish / "current" / "tls.key") ==
          (published == first.fingerprint ? first.key_pem : next.key_pem));
    scene.run();
    wait_until("the new pair is in force and its hook has run", [&] {
      return scene.published() == next.fingerprint &&
             read_if_there(calls).find(next.fingerprint) != std::string::npos;
    });
    CHECK(scene.stop() == 0);
    first = next;
  }
}

TEST_CASE("killed on the way back, the next start finishes the rollback") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  std::string const began = scene.directory / "began";
  std::string const gate = scene.directory / "gate";
  // Fails for the new pair; for the old one it waits at the gate.
  scene.hooks =
      exec_hook({"/bin/sh", "-c",
                 "test $CERTPIVOT_FINGERPRINT = " + first.fingerprint + " || exit 1; echo x >> " +
                     began + "; while [ ! -e " + gate + " ]; do sleep 0.02; done"},
                "timeout = \"60s\"\nretries = 0\n");
  Pair const second = scene.issue();
  {
    Daemon killed(scene.config());
    scene.offer(second);
    wait_until("the way back has begun", [&] { return !read_if_there(began).empty(); });
    killed.kill();
  }
  scene.directory.write("gate", "open");
  Daemon& daemon = scene.run();
  CHECK(daemon.ending_of(second.fingerprint).event == "rolled_back");
  CHECK(scene.published() == first.fingerprint);
  CHECK(read_file(began).size() >= 4);  // at least once more
}
