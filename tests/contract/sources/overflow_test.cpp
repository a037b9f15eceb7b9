#include <fstream>
#include <signal.h>

#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

int queue_limit() {
  int limit = 0;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> limit;
  return limit;
}

// Two events each, which the kernel cannot merge, of names that are no part of the source.
void make_events(std::filesystem::path const& directory, int count) {
  write_file(directory / "noise", "");
  for (int made = 0; made < count; made += 4) {
    std::filesystem::rename(directory / "noise", directory / "more noise");
    std::filesystem::rename(directory / "more noise", directory / "noise");
  }
}

void freeze(Daemon const& daemon) {
  REQUIRE(::kill(daemon.pid(), SIGSTOP) == 0);
  wait_until("it stands still", [&] {
    return read_file("/proc/" + std::to_string(daemon.pid()) + "/stat").find(") T ") !=
           std::string::npos;
  });
}

}  // namespace

TEST_CASE("a rotation whose events the kernel dropped, because the queue was full, arrives") {
  int const limit = queue_limit();
  if (limit <= 0 || limit > 200'000) {
    MESSAGE("skipped: fs.inotify.max_queued_events = ", limit, " takes too long to fill");
    return;
  }
  Scene scene;
  // The periodic read comes later than any patience, so that it is not what brings it.
  scene.source_keys =
      "directory = \"" + scene.source.string() + "\"\npoll = \"10m\"\ngrace = \"60s\"\n";
  AtomicWriter volume(scene.source);
  scene.hooks = exec_hook({"/bin/true"});
  Pair const first = scene.issue();
  volume.write(scene.contents(first));
  Daemon& daemon = scene.run();
  REQUIRE(daemon.ending_of(first.fingerprint).event == "committed");
  daemon.wait_until_settled();

  freeze(daemon);
  make_events(scene.source, limit + 100);
  Pair const next = scene.issue();
  volume.write(scene.contents(next));
  REQUIRE(::kill(daemon.pid(), SIGCONT) == 0);
  CHECK(daemon.ending_of(next.fingerprint).event == "committed");
  CHECK(scene.published() == next.fingerprint);
  // The words that prove that it was an overflow indeed.
  CHECK(daemon.output().find("inotify events were lost (fs.inotify.max_queued_events = " +
                             std::to_string(limit)) != std::string::npos);
  // And after it, changes are noticed as before.
  Pair const last = scene.issue();
  volume.write(scene.contents(last));
  CHECK(daemon.ending_of(last.fingerprint).event == "committed");
}
