#include <sys/stat.h>

#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

unsigned mode_of(std::filesystem::path const& path) {
  return static_cast<unsigned>(std::filesystem::status(path).permissions());
}

::ino_t inode_of(std::filesystem::path const& path) {
  struct ::stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  return facts.st_ino;
}

}  // namespace

TEST_CASE("what is published is what the source held, with the modes configured") {
  Scene scene;
  scene.publish_keys += "certificate_mode = \"0444\"\nkey_mode = \"0600\"\n";
  Pair const pair = scene.first_in_force();
  auto const current = scene.publish / "current";
  CHECK(std::filesystem::read_symlink(current) == "generations/1");
  CHECK(read_file(current / "tls.crt") == pair.certificate_pem);
  CHECK(read_file(current / "tls.key") == pair.key_pem);
  CHECK(read_file(current / "ca.crt") == scene.authority.pem());
  CHECK(mode_of(current / "tls.crt") == 0444);
  CHECK(mode_of(current / "tls.key") == 0600);
  // Names that never change, for servers that want them.
  for (char const* const name : {"tls.crt", "tls.key", "ca.crt"}) {
    CHECK(std::filesystem::read_symlink(scene.publish / name) ==
          std::filesystem::path("current") / name);
  }
}

TEST_CASE("old generations stay for as many as are to be kept, each with inodes of its own") {
  Scene scene;
  scene.publish_keys += "keep = 3\n";
  scene.hooks = exec_hook({"/bin/true"});
  Daemon& daemon = scene.run();
  ::ino_t before = 0;
  for (int turn = 0; turn < 5; ++turn) {
    Pair const pair = scene.issue();
    scene.offer(pair);
    CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
    ::ino_t const now = inode_of(scene.publish / "current" / "tls.crt");
    CHECK(now != before);
    before = now;
  }
  CHECK(scene.generation() == 5);
  for (char const* const number : {"3", "4", "5"}) {
    CHECK(std::filesystem::exists(scene.publish / "generations" / number));
  }
  wait_until("the older ones are gone", [&] {
    return !std::filesystem::exists(scene.publish / "generations" / "1") &&
           !std::filesystem::exists(scene.publish / "generations" / "2");
  });
}

TEST_CASE("a directory that holds foreign files is refused, not cleaned") {
  Scene scene;
  scene.directory.write("publish/important.txt", "mine");
  scene.hooks = exec_hook({"/bin/true"});
  Daemon& daemon = scene.run();
  Pair const pair = scene.issue();
  scene.offer(pair);
  daemon.wait_for_text("important.txt");
  CHECK(scene.generation() == 0);
  CHECK(scene.directory.read("publish/important.txt") == "mine");
  CHECK(daemon.all("committed").empty());
}

TEST_CASE("a publish directory removed while running is made again for the next version") {
  Scene scene;
  Pair const first = scene.first_in_force();
  Daemon& daemon = scene.daemon();
  std::filesystem::remove_all(scene.publish);
  Pair const second = scene.issue();
  scene.offer(second);
  CHECK(daemon.ending_of(second.fingerprint).event == "committed");
  CHECK(scene.published() == second.fingerprint);
}

TEST_CASE(
    "a server that reads the source itself has it judged and hooked, with nothing published") {
  Scene scene;
  std::string const config = scene.config();
  std::string const text = read_file(config);
  auto const begin = text.find("[certificate.publish]");
  std::string const calls = scene.directory / "calls";
  write_file(config,
             text.substr(0, begin) +
                 exec_hook({"/bin/sh", "-c", "echo $CERTPIVOT_CERTIFICATE_FILE >> " + calls}));
  Daemon daemon(config);
  Pair const pair = scene.issue();
  scene.offer(pair);
  CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
  CHECK(read_file(calls) == (scene.source / "tls.crt").string() + "\n");
  CHECK_FALSE(std::filesystem::exists(scene.publish));
  CHECK(daemon.stop() == 0);
}

TEST_CASE("a number that somebody else has taken is passed over") {
  Scene scene;
  Pair const first = scene.first_in_force();
  Daemon& daemon = scene.daemon();
  std::filesystem::create_directory(scene.publish / "generations/2");
  auto const second = scene.issue();
  scene.offer(second);
  CHECK(daemon.ending_of(second.fingerprint).event == "committed");
  CHECK(scene.generation() == 3);
}
