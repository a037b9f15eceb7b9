#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

// Words that start a program in a user namespace of its own, in which the kernel's limit is lower:
// an instance, or a watch, is counted in every namespace above the one that it is made in.
std::vector<std::string> with_limit(std::string const& name, int value) {
  return {"/usr/bin/unshare",
          "--user",
          "--map-root-user",
          "--",
          "/bin/sh",
          "-c",
          "echo " + std::to_string(value) + " > /proc/sys/user/" + name + " && exec \"$@\"",
          "sh"};
}

bool possible(std::vector<std::string> words) {
  words.emplace_back("/bin/true");
  bool const can = run_program(words).exit_code == 0;
  if (!can) MESSAGE("skipped: no user namespaces to be had here");
  return can;
}

void polls_and_says(std::vector<std::string> const& under, std::string const& sysctl) {
  if (!possible(under)) return;
  Scene scene;
  scene.source_keys =
      "directory = \"" + scene.source.string() + "\"\npoll = \"500ms\"\ngrace = \"60s\"\n";
  AtomicWriter volume(scene.source);
  scene.hooks = exec_hook({"/bin/true"});
  Daemon& daemon = scene.run(under);
  daemon.wait_for_text(sysctl + " = ");
  daemon.wait_for_text("by polling");
  for (int turn = 0; turn < 3; ++turn) {
    Pair const pair = scene.issue();
    volume.write(scene.contents(pair));
    CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
    CHECK(scene.published() == pair.fingerprint);
  }
}

}  // namespace

TEST_CASE("at the limit of inotify watches rotations arrive by polling, and the log says why") {
  polls_and_says(with_limit("max_inotify_watches", 1), "fs.inotify.max_user_watches");
}

TEST_CASE("without an inotify instance rotations arrive by polling, and the log says why") {
  polls_and_says(with_limit("max_inotify_instances", 0), "fs.inotify.max_user_instances");
}
