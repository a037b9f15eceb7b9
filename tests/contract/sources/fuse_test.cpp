#include <doctest/doctest.h>

#include "support/fuse_mount.hpp"
#include "support/scene.hpp"

using namespace certpivot::testing;

TEST_CASE("a source on FUSE is polled from the start, which the log says, and rotations arrive") {
  if (!FuseMount::possible()) return;
  Scene scene;
  scene.source_keys =
      "directory = \"" + scene.source.string() + "\"\npoll = \"500ms\"\ngrace = \"60s\"\n";
  scene.hooks = exec_hook({"/bin/true"});
  AtomicWriter volume(scene.directory.make("host"));
  FuseMount const mount(scene.directory / "host", scene.source);
  Daemon& daemon = scene.run();
  daemon.wait_for_text(scene.source.string() + " is on FUSE");
  daemon.wait_for_text("by polling");
  for (int turn = 0; turn < 2; ++turn) {
    Pair const pair = scene.issue();
    volume.write(scene.contents(pair));
    CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
    CHECK(scene.published() == pair.fingerprint);
  }
  scene.stop();
}
