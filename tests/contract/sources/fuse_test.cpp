#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

constexpr auto bindfs = "/usr/bin/bindfs";

// What is written to one directory shows in the other, but this kernel's inotify does not see it
// there: like a network file system that another host writes to.
class FuseMount {
 public:
  FuseMount(std::filesystem::path const& from, std::filesystem::path at)
      : at_(std::move(at)), server_({bindfs, "-f", from.string(), at_.string()}) {
    wait_until("it is mounted", [this] {
      struct ::statfs facts {};
      return ::statfs(at_.c_str(), &facts) == 0 && facts.f_type == FUSE_SUPER_MAGIC;
    });
  }
  FuseMount(FuseMount const&) = delete;
  FuseMount& operator=(FuseMount const&) = delete;
  ~FuseMount() { ::umount2(at_.c_str(), MNT_DETACH); }

 private:
  std::filesystem::path at_;
  Program server_;
};

bool possible() {
  return ::geteuid() == 0 && ::access("/dev/fuse", R_OK | W_OK) == 0 && ::access(bindfs, X_OK) == 0;
}

}  // namespace

TEST_CASE("a source on FUSE is polled from the start, which the log says, and rotations arrive") {
  if (!possible()) {
    MESSAGE("skipped: a FUSE mount needs root, /dev/fuse and bindfs");
    return;
  }
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
