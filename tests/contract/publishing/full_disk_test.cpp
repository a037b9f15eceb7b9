#include <sys/mount.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

// A small file system of its own, where the test may make one.
class SmallDisk {
 public:
  explicit SmallDisk(std::filesystem::path path) : path_(std::move(path)) {
    std::filesystem::create_directories(path_);
    mounted_ = ::mount("none", path_.c_str(), "tmpfs", 0, "size=64k") == 0;
  }
  SmallDisk(SmallDisk const&) = delete;
  SmallDisk& operator=(SmallDisk const&) = delete;
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  void set_read_only(bool read_only) const {
    REQUIRE(::mount("none", path_.c_str(), "tmpfs",
                    MS_REMOUNT | (read_only ? 1UL * MS_RDONLY : 0UL), "size=64k") == 0);
  }

 private:
  std::filesystem::path path_;
  bool mounted_ = false;
};

// Without the right to mount there is no disk to fill; the unit tests of publish/ cover the rest.
struct OnSmallDisk {
  OnSmallDisk() {
    if (!disk.mounted()) return;
    scene.publish_keys =
        "directory = \"" + (scene.directory / "disk" / "publish").string() + "\"\n";
    scene.publish = scene.directory / "disk" / "publish";
    scene.hooks = exec_hook({"/bin/true"});
    scene.run();
    scene.offer(first);
    REQUIRE(scene.daemon().ending_of(first.fingerprint).event == "committed");
  }
  bool mounted() const {
    if (!disk.mounted()) MESSAGE("skipped: no right to mount a small disk here");
    return disk.mounted();
  }
  Scene scene = {};
  SmallDisk disk{scene.directory / "disk"};
  Pair first = scene.issue();
};

}  // namespace

TEST_CASE("a full disk stops a rotation with its reason, and the old generation stays") {
  OnSmallDisk stage;
  if (!stage.mounted()) return;
  std::string filling(60000, 'x');
  try {
    stage.scene.directory.write("disk/filler", filling);
  } catch (std::exception const&) {
    // As full as it gets.
  }
  Pair const second = stage.scene.issue();
  stage.scene.offer(second);
  LogLine const line = stage.scene.daemon().ending_of(second.fingerprint);
  CHECK(line.event == "failed");
  CHECK(line.message.find("No space left on device") != std::string::npos);
  CHECK(stage.scene.published() == stage.first.fingerprint);
  std::filesystem::remove(stage.scene.directory / "disk" / "filler");
  Pair const third = stage.scene.issue();
  stage.scene.offer(third);
  CHECK(stage.scene.daemon().ending_of(third.fingerprint).event == "committed");
}

TEST_CASE("a read-only target stops a rotation with its reason") {
  OnSmallDisk stage;
  if (!stage.mounted()) return;
  stage.disk.set_read_only(true);
  Pair const second = stage.scene.issue();
  stage.scene.offer(second);
  LogLine const line = stage.scene.daemon().ending_of(second.fingerprint);
  CHECK(line.event == "failed");
  CHECK(line.message.find("Read-only file system") != std::string::npos);
  CHECK(stage.scene.published() == stage.first.fingerprint);
  stage.disk.set_read_only(false);
}
