#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

TEST_CASE("the same content written again does nothing") {
  Scene scene;
  std::string const calls = scene.directory / "calls";
  scene.hooks = exec_hook({"/bin/sh", "-c", "echo $CERTPIVOT_FINGERPRINT >> " + calls});
  Daemon& daemon = scene.run();
  Pair const first = scene.issue();
  scene.offer(first);
  CHECK(daemon.ending_of(first.fingerprint).event == "committed");
  for (int turn = 0; turn < 3; ++turn) {
    scene.offer(first);
    let_it_be_seen();
  }
  // The next version shows that the writes before it have been looked at and left.
  Pair const second = scene.issue();
  scene.offer(second);
  CHECK(daemon.ending_of(second.fingerprint).event == "committed");
  CHECK(scene.generation() == 2);
  CHECK(read_file(calls) == first.fingerprint + "\n" + second.fingerprint + "\n");
}

TEST_CASE("a refused version does not delay the next good one") {
  Scene scene;
  scene.source_keys = "directory = \"" + scene.source.string() + "\"\ngrace = \"60s\"\n";
  Pair const first = scene.first_in_force();
  Daemon& daemon = scene.daemon();
  Pair const expired =
      scene.issue({.not_before = certpivot::testing::from_now(std::chrono::hours(-48)),
                   .not_after = certpivot::testing::from_now(std::chrono::hours(-24))});
  scene.offer(expired);
  CHECK(daemon.next("refused").reasons.find("expired") != std::string::npos);
  CHECK(scene.published() == first.fingerprint);
  Pair const good = scene.issue();
  scene.offer(good);
  CHECK(daemon.ending_of(good.fingerprint).event == "committed");
}

TEST_CASE("with inotify blind, the periodic read brings every version") {
  Scene scene;
  scene.source_keys =
      "directory = \"" + scene.source.string() + "\"\npoll = \"200ms\"\ngrace = \"60s\"\n";
  scene.hooks = exec_hook({"/bin/true"});
  // The kernel tells the directory through which a file is written. By its second name, in a
  // directory that nobody watches, it can be rewritten unseen.
  auto const hidden = scene.directory.make("hidden");
  Pair const first = scene.issue();
  scene.offer(first);
  for (auto const& [name, text] : scene.contents(first)) {
    std::filesystem::create_hard_link(scene.source / name, hidden / name);
  }
  Daemon& daemon = scene.run();
  CHECK(daemon.ending_of(first.fingerprint).event == "committed");
  for (int turn = 0; turn < 3; ++turn) {
    Pair const pair = scene.issue();
    for (auto const& [name, text] : scene.contents(pair)) rewrite_in_place(hidden / name, text);
    CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
  }
}
