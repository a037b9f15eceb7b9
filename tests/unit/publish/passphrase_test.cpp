#include "publish/passphrase.hpp"

#include <ostream>
#include <sys/stat.h>

#include <doctest/doctest.h>

#include "support/holds.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using namespace certpivot::testing;
using publish::read_passphrase;

namespace {

std::string refusal_of(std::string const& path) {
  auto const read = read_passphrase(path);
  REQUIRE_FALSE(read);
  CHECK(read.error().where == path);
  return read.error().text();
}

}  // namespace

TEST_CASE("a passphrase is the first line without its end") {
  TempDirectory const directory;
  struct {
    std::string text;
    std::string passphrase;
  } const cases[] = {
      {"s3cret", "s3cret"},
      {"s3cret\r\nsecond", "s3cret"},
      {"s3cret\n", "s3cret"},
      {"s3cret\nand a remark\n", "s3cret"},
      {" with blanks \n", " with blanks "},
      {std::string(4096, 'p'), std::string(4096, 'p')},
  };
  for (auto const& [text, passphrase] : cases)
    CHECK(read_passphrase(directory.write("pass", text))->view() == passphrase);
}

TEST_CASE("no file is an empty passphrase") { CHECK(read_passphrase("")->empty()); }

TEST_CASE("a passphrase that cannot be had is told with file, reason and remedy") {
  TempDirectory const directory;
  CHECK(holds(refusal_of(directory / "none"), "No such file or directory; let certpivot"));
  CHECK(holds(refusal_of(directory.string()), "it is no regular file; write the passphrase"));
  CHECK(holds(refusal_of(directory.write("large", std::string(4097, 'p'))),
              "it is larger than 4096 bytes"));
  for (char const* text : {"", "\n", "\nsecond line"})
    CHECK(holds(refusal_of(directory.write("empty", text)), "its first line is empty; write"));
  CHECK(holds(refusal_of(directory.write("zero", std::string("a\0b", 3))), "a zero byte"));
}

TEST_CASE("a FIFO in a passphrase's place is refused at once") {
  TempDirectory const directory;
  std::string const fifo = directory / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  CHECK(holds(refusal_of(fifo), "it is no regular file"));
}

TEST_CASE("a passphrase may stand behind a link, as in a mounted Secret") {
  TempDirectory const directory;
  directory.write("data", "s3cret\n");
  std::filesystem::create_symlink("data", directory / "link");
  CHECK(read_passphrase(directory / "link")->view() == "s3cret");
}

TEST_CASE("no error holds a part of the passphrase") {
  TempDirectory const directory;
  CHECK_FALSE(holds(refusal_of(directory.write("zero", std::string("s3cret\0b", 8))), "s3cret"));
  CHECK_FALSE(
      holds(refusal_of(directory.write("large", "s3cret" + std::string(4096, 'p'))), "s3cret"));
}
