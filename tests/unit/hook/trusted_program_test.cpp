#include "hook/trusted_program.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "support/temp_directory.hpp"

using namespace certpivot;
using certpivot::testing::TempDirectory;

namespace {

/// An executable plugin in a directory of its own.
struct Scene {
  Scene() {
    std::filesystem::create_directory(directory / "plugins");
    ::chmod((directory / "plugins").c_str(), 0755);
    directory.write("plugins/certpivot-a", "#!/bin/sh\n");
    ::chmod(program.c_str(), 0755);
  }
  [[nodiscard]] std::string refusal(std::string const& path) const {
    auto const trusted = hook::check_trusted_program(path);
    return trusted ? "" : trusted.error().text();
  }
  [[nodiscard]] std::string refusal() const { return refusal(program); }

  TempDirectory directory = {};
  std::string program = (directory / "plugins/certpivot-a").string();
};

}  // namespace

TEST_CASE("a program of ours that nobody else may write is trusted, below a sticky directory too") {
  Scene const scene;
  CHECK(scene.refusal().empty());
  CHECK(scene.refusal("/bin/sh").empty());
}

TEST_CASE("a program that its group or others may write is not run") {
  Scene const scene;
  for (::mode_t const mode : {0775U, 0757U, 0777U}) {
    ::chmod(scene.program.c_str(), mode);
    CHECK(scene.refusal() == "will not run the plugin " + scene.program +
                                 ": its group or others may write it; chmod go-w " + scene.program);
  }
}

TEST_CASE("a directory on the way to it that others may write is named") {
  Scene const scene;
  ::chmod((scene.directory / "plugins").c_str(), 0777);
  CHECK(scene.refusal().find("plugins: its group or others may write it") != std::string::npos);
  ::chmod((scene.directory / "plugins").c_str(), 01777);
  CHECK(scene.refusal().empty());
  ::chmod((scene.directory / "plugins").c_str(), 0755);
  ::chmod(scene.directory.string().c_str(), 0775);
  CHECK(scene.refusal().find(scene.directory.string() + ": its group or others") !=
        std::string::npos);
}

TEST_CASE("what a link leads to counts, and the way to it") {
  Scene const scene;
  std::filesystem::create_directory(scene.directory / "open");
  scene.directory.write("open/real", "#!/bin/sh\n");
  std::string const target = (scene.directory / "open/real").string();
  ::chmod(target.c_str(), 0755);
  std::string const link = (scene.directory / "plugins/certpivot-b").string();
  REQUIRE(::symlink(target.c_str(), link.c_str()) == 0);
  CHECK(scene.refusal(link).empty());
  ::chmod((scene.directory / "open").c_str(), 0777);
  CHECK(scene.refusal(link).find("open: its group or others may write it") != std::string::npos);
}

TEST_CASE("a link in a directory that others may write is not followed, wherever it stands") {
  Scene const scene;
  auto const open = scene.directory.make("open");
  REQUIRE(::chmod(open.c_str(), 0777) == 0);
  REQUIRE(::symlink((scene.directory / "plugins").c_str(), (open / "link").c_str()) == 0);
  std::string const ours = (scene.directory / "safe").string();
  REQUIRE(::symlink((open / "link").c_str(), ours.c_str()) == 0);
  for (std::string const& path : {(open / "link/certpivot-a").string(), ours + "/certpivot-a"})
    CHECK(scene.refusal(path).find("open: its group or others may write it") != std::string::npos);
}

TEST_CASE("links that lead in a circle, or up and down, are walked as the kernel does") {
  Scene const scene;
  std::string const up = (scene.directory / "plugins/up").string();
  REQUIRE(::symlink("../plugins/./certpivot-a", up.c_str()) == 0);
  CHECK(scene.refusal(up).empty());
  std::string const circle = (scene.directory / "plugins/circle").string();
  REQUIRE(::symlink("circle", circle.c_str()) == 0);
  CHECK(!scene.refusal(circle).empty());
}

TEST_CASE("another user's program is not run" * doctest::skip(::geteuid() != 0)) {
  Scene const scene;
  constexpr ::uid_t stranger = 4711;
  REQUIRE(::chown(scene.program.c_str(), stranger, 0) == 0);
  CHECK(scene.refusal().find("it belongs to user 4711, neither to root nor to certpivot's own; "
                             "chown root " +
                             scene.program) != std::string::npos);
}

TEST_CASE("a link of another user's making is not followed" * doctest::skip(::geteuid() != 0)) {
  Scene const scene;
  std::string const link = (scene.directory / "plugins/certpivot-b").string();
  REQUIRE(::symlink("/bin/sh", link.c_str()) == 0);
  REQUIRE(::lchown(link.c_str(), 4711, 0) == 0);
  CHECK(scene.refusal(link).find("it belongs to user 4711") != std::string::npos);
}

TEST_CASE("a program that is missing or cannot be run is told as such") {
  Scene const scene;
  CHECK(!scene.refusal(scene.program + "-none").empty());
  ::chmod(scene.program.c_str(), 0644);
  CHECK(!scene.refusal().empty());
}
