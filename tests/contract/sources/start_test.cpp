#include <cstring>
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

// Sees others read the files of a directory: the moment in which a rotation hurts most.
class Readers {
 public:
  explicit Readers(std::filesystem::path const& directory) {
    REQUIRE(fd_.valid());
    REQUIRE(::inotify_add_watch(fd_.get(), directory.c_str(), IN_CLOSE_NOWRITE) >= 0);
  }
  /// Until a file was read and closed.
  void wait_for_one() const {
    alignas(struct ::inotify_event) char buffer[4096];
    for (bool a_file = false; !a_file;) {
      ::pollfd waiting{fd_.get(), POLLIN, 0};
      REQUIRE(::poll(&waiting, 1, 30'000) == 1);
      auto const size = ::read(fd_.get(), buffer, sizeof buffer);
      REQUIRE(size > 0);
      for (::ssize_t at = 0; at < size;) {
        struct ::inotify_event event {};
        std::memcpy(&event, buffer + at, sizeof event);
        a_file = a_file || (event.mask & IN_ISDIR) == 0;
        at += static_cast<::ssize_t>(sizeof event) + static_cast<::ssize_t>(event.len);
      }
    }
  }

 private:
  certpivot::UniqueFd fd_{::inotify_init1(IN_CLOEXEC)};
};

}  // namespace

TEST_CASE("a rotation at any moment of the start is not missed") {
  Scene scene;
  // The periodic read comes later than any patience, so that it is not what brings it.
  scene.source_keys =
      "directory = \"" + scene.source.string() + "\"\npoll = \"10m\"\ngrace = \"60s\"\n";
  AtomicWriter volume(scene.source);
  scene.hooks = exec_hook({"/bin/true"});
  volume.write(scene.contents(scene.issue()));
  std::string const config = scene.config();
  for (int delay = 0; delay < 40; delay += 2) {
    CAPTURE(delay);
    Pair const next = scene.issue();
    Program daemon({certpivot_binary(), "run", "-c", config});
    std::this_thread::sleep_for(std::chrono::milliseconds(delay));
    volume.write(scene.contents(next));
    wait_until("the last pair is in force", [&] { return scene.published() == next.fingerprint; });
    daemon.send(SIGTERM);
    CHECK(daemon.wait() == 0);
  }
}

TEST_CASE("a rotation right after the first read is not missed") {
  Scene scene;
  scene.source_keys =
      "directory = \"" + scene.source.string() + "\"\npoll = \"10m\"\ngrace = \"60s\"\n";
  scene.hooks = exec_hook({"/bin/true"});
  AtomicWriter(scene.source).write(scene.contents(scene.issue()));
  std::string const config = scene.config();
  for (int turn = 0; turn < 20; ++turn) {
    CAPTURE(turn);
    // All is there, so that the rotation itself is one rename.
    Pair const next = scene.issue();
    auto const data = "data" + std::to_string(turn);
    for (auto const& [name, text] : scene.contents(next)) {
      scene.directory.write("source/" + data + "/" + name, text);
    }
    Readers const readers(scene.source / "..data");
    Program daemon({certpivot_binary(), "run", "-c", config});
    readers.wait_for_one();
    point_link(scene.source / "..data", data);
    wait_until("the last pair is in force", [&] { return scene.published() == next.fingerprint; });
    daemon.send(SIGTERM);
    CHECK(daemon.wait() == 0);
  }
}

TEST_CASE("memory that only the start needed is given back") {
  Scene scene;
  (void)scene.first_in_force();
  auto const kilobytes = [&](std::string const& name) {
    std::string const status =
        read_file("/proc/" + std::to_string(scene.daemon().pid()) + "/status");
    return std::stol(status.substr(status.find("\n" + name + ":") + name.size() + 2));
  };
  // Its largest size was that of the start; a rotation needs about two thirds of it.
  wait_until("it has shrunk", [&] { return kilobytes("VmRSS") * 10 < kilobytes("VmHWM") * 9; });
}
