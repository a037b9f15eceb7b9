#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "reading.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot::testing;
namespace settings = certpivot::settings;

namespace {

Sentences refusal(std::string const& path, std::string const& why) {
  return {path + ": cannot read the configuration: " + why};
}

}  // namespace

TEST_CASE("a file that is not there is one complaint about the file as a whole") {
  TempDirectory const directory;
  std::string const path = directory.string() + "/x.toml";
  auto const read = settings::read(path);
  CHECK(sentences(read) == refusal(path, "No such file or directory"));
  CHECK(read.error().at(0).line == 0);
  CHECK(read.error().at(0).column == 0);
}

TEST_CASE("a directory, a FIFO, a device and a link loop are no configuration") {
  TempDirectory const directory;
  CHECK(sentences(settings::read(directory.string())) ==
        refusal(directory.string(), "Is a directory"));
  std::string const fifo = directory.string() + "/fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  CHECK(sentences(settings::read(fifo)) == refusal(fifo, "it is no regular file"));
  CHECK(sentences(settings::read("/dev/zero")) == refusal("/dev/zero", "it is no regular file"));
  std::string const loop = directory.string() + "/loop";
  REQUIRE(::symlink("loop", loop.c_str()) == 0);
  CHECK(sentences(settings::read(loop)) == refusal(loop, "Too many levels of symbolic links"));
}

TEST_CASE("an unreadable file is told with the system's cause") {
  TempDirectory const directory;
  std::string const path = directory.write("x.toml", least, 0000).string();
  // Root reads everything, so that root has to be somebody else for a moment.
  bool const root = ::geteuid() == 0;
  if (root) REQUIRE(::seteuid(65534) == 0);
  auto const read = settings::read(path);
  if (root) REQUIRE(::seteuid(0) == 0);
  CHECK(sentences(read) == refusal(path, "Permission denied"));
}

TEST_CASE("a file of exactly 1 MiB is read, and one byte more is refused") {
  TempDirectory const directory;
  std::string text = least;
  text.resize(std::size_t{1024} * 1024, '\n');
  std::string const path = directory.write("x.toml", text).string();
  CHECK(settings::read(path).has_value());
  (void)directory.write("x.toml", text + "\n");
  CHECK(sentences(settings::read(path)) == refusal(path, "it is larger than 1 MiB"));
}

TEST_CASE("a byte order mark and CRLF line ends are taken") {
  std::string text = "\xEF\xBB\xBF";
  for (char const letter : least) text += letter == '\n' ? "\r\n" : std::string(1, letter);
  CHECK(complaints(text).empty());
}
