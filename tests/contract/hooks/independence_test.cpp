#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

TEST_CASE("a hook that hangs delays no other certificate, and no two rollouts of one overlap") {
  Scene scene;
  std::string const began = scene.directory / "began";
  std::string const gate = scene.directory / "gate";
  scene.hooks = exec_hook({"/bin/sh", "-c",
                           "echo $CERTPIVOT_FINGERPRINT >> " + began + "; while [ ! -e " + gate +
                               " ]; do sleep 0.02; done"},
                          "timeout = \"60s\"\n");
  scene.more = "[[certificate]]\nname = \"other\"\n[certificate.source]\ndirectory = \"" +
               scene.directory.make("other").string() + "\"\n[certificate.trust]\nanchors = \"" +
               (scene.directory / "anchors.pem").string() +
               "\"\n[certificate.publish]\ndirectory = \"" +
               (scene.directory / "other-published").string() + "\"\n" + exec_hook({"/bin/true"});
  Daemon& daemon = scene.run();
  Pair const first = scene.issue();
  scene.offer(first);
  wait_until("the hook hangs", [&] { return std::filesystem::exists(began); });

  for (int turn = 0; turn < 3; ++turn) {
    Pair const other = scene.issue();
    for (auto const& [name, text] : scene.contents(other)) {
      rename_over(scene.directory / "other" / name, text);
    }
    CHECK(daemon.ending_of(other.fingerprint).event == "committed");
  }
  // A second version of the one that hangs waits for its turn.
  Pair const second = scene.issue();
  scene.offer(second);
  let_it_be_seen();
  CHECK(read_file(began) == first.fingerprint + "\n");
  CHECK(scene.published() == first.fingerprint);
  scene.directory.write("gate", "open");
  CHECK(daemon.ending_of(first.fingerprint).event == "committed");
  CHECK(daemon.ending_of(second.fingerprint).event == "committed");
}
