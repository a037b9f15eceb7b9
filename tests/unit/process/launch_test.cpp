#include "process/launch.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>

#include "support/fuse_mount.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using namespace certpivot::process;
namespace fs = std::filesystem;

namespace {

/// The first child of ours that has no program of its own yet.
std::string child_before_exec() {
  std::string const own = testing::read_file("/proc/self/comm");
  for (auto const& entry : fs::directory_iterator("/proc/self/task")) {
    std::string children = testing::read_file(entry.path() / "children");
    for (std::size_t end = 0; (end = children.find(' ')) != std::string::npos;) {
      std::string const pid = children.substr(0, end);
      children.erase(0, end + 1);
      if (testing::read_file("/proc/" + pid + "/comm") == own) return pid;
    }
  }
  return {};
}

}  // namespace

TEST_CASE("a program that hangs in its exec holds no descriptor of ours but its own four") {
  if (!testing::FuseMount::possible()) return;
  if (!fs::exists("/proc/self/task/self/children") && !fs::exists("/proc/thread-self/children")) {
    MESSAGE("skipped: this kernel does not tell a process's children");
    return;
  }
  testing::TempDirectory const directory;
  auto const behind = directory.make("behind");
  directory.write("behind/program", "#!/bin/sh\n", 0755);
  testing::FuseMount const mount(behind, directory.make("mounted"));
  mount.hang();
  std::thread launching(
      [&] { (void)launch({.words = {(directory / "mounted/program").string()}}); });
  std::string pid;
  auto const held = [&] {
    return std::distance(fs::directory_iterator("/proc/" + pid + "/fd"), fs::directory_iterator());
  };
  testing::wait_until("the exec hangs", [&] {
    pid = child_before_exec();
    return !pid.empty() && held() == 4;
  });
  CHECK(held() == 4);
  mount.answer_again();
  launching.join();
}
