#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

TEST_CASE("a directory that does not exist yet is waited for, parents included") {
  Scene scene;
  auto const late = scene.directory / "not" / "yet" / "there";
  scene.source_keys = "directory = \"" + late.string() + "\"\ngrace = \"60s\"\n";
  scene.hooks = exec_hook({"/bin/true"});
  Daemon& daemon = scene.run();
  let_it_be_seen();
  Pair const pair = scene.issue();
  for (auto const& [name, text] : scene.contents(pair)) {
    scene.directory.write("not/yet/there/" + name, text);
    let_it_be_seen();
  }
  CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
}

TEST_CASE("a directory that vanishes is told as lost, keeps what is in force, and may come back") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  Pair in_force = scene.issue();
  scene.offer(in_force);
  Daemon& daemon = scene.run();
  CHECK(daemon.ending_of(in_force.fingerprint).event == "committed");
  for (int turn = 0; turn < 5; ++turn) {
    std::filesystem::rename(scene.source, scene.directory / "gone");
    CHECK(daemon.next("source_lost").certificate == "web");
    CHECK(scene.published() == in_force.fingerprint);
    Pair const next = scene.issue();
    std::filesystem::create_directory(scene.source);
    scene.offer(next);
    daemon.next("source_found");
    daemon.wait_for_text(next.fingerprint);
    wait_until("it is published", [&] { return scene.published() == next.fingerprint; });
    std::filesystem::remove_all(scene.directory / "gone");
    in_force = next;
  }
}

TEST_CASE("files that vanish are told as lost, and found again") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  Pair const first = scene.issue();
  scene.offer(first);
  Daemon& daemon = scene.run();
  CHECK(daemon.ending_of(first.fingerprint).event == "committed");
  for (char const* const name : {"tls.crt", "tls.key", "ca.crt"}) {
    std::filesystem::remove(scene.source / name);
  }
  CHECK(daemon.next("source_lost").certificate == "web");
  CHECK(scene.published() == first.fingerprint);
  // The same content again is no new version.
  scene.offer(first);
  daemon.next("source_found");
  CHECK(scene.generation() == 1);
  CHECK(daemon.all("committed").size() == 1);
}

TEST_CASE("a directory removed and made again at once, with new content, arrives") {
  Scene scene;
  scene.source_keys = "directory = \"" + scene.source.string() + "\"\ngrace = \"60s\"\n";
  scene.hooks = exec_hook({"/bin/true"});
  Daemon& daemon = scene.run();
  for (int turn = 0; turn < 5; ++turn) {
    Pair const pair = scene.issue();
    std::filesystem::remove_all(scene.source);
    std::filesystem::create_directory(scene.source);
    scene.offer(pair);
    CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
    CHECK(scene.published() == pair.fingerprint);
  }
}
