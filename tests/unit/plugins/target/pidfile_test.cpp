#include "plugins/target/pidfile.hpp"

#include <sys/stat.h>

#include <doctest/doctest.h>

#include "support/temp_directory.hpp"

using namespace certpivot;
using namespace certpivot::plugins;
using certpivot::testing::TempDirectory;

namespace {

std::string refusal(std::string const& path) {
  auto const file = read_pidfile(path);
  REQUIRE(!file.has_value());
  return file.error().text();
}

}  // namespace

TEST_CASE(
    "a pidfile's first line is the number, with a newline, without one, or with lines behind it") {
  TempDirectory const directory;
  for (auto const* text :
       {"14759", "14759\n", " 14759 \r\n", "14759\n/var/lib/postgresql\n5432\n"}) {
    auto const file = read_pidfile(directory.write("pid", text).string());
    REQUIRE(file.has_value());
    CHECK(file->pid == 14759);
  }
}

TEST_CASE("each way a pidfile can be wrong has its own sentence with a remedy") {
  TempDirectory const directory;
  CHECK(refusal((directory / "none").string()).find("server is not running") != std::string::npos);
  CHECK(refusal(directory.write("pid", "").string()).find("it is empty") != std::string::npos);
  CHECK(refusal(directory.write("pid", "\n12\n").string()).find("it is empty") !=
        std::string::npos);
  for (auto const* text : {"nginx", "12x", "-5", "0", "99999999999999", "1 2"}) {
    CHECK(refusal(directory.write("pid", text).string()).find("not a process number") !=
          std::string::npos);
  }
  CHECK(refusal(directory.write("pid", std::string(5000, '1')).string()).find("larger than") !=
        std::string::npos);
}

TEST_CASE("a directory and a FIFO are no pidfiles, and nobody waits for a FIFO's writer") {
  TempDirectory const directory;
  CHECK(refusal(directory.string()).find("not a regular file") != std::string::npos);
  auto const fifo = directory / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  CHECK(refusal(fifo.string()).find("not a regular file") != std::string::npos);
}
