#include "plugins/http/hmac_key.hpp"

#include <sys/stat.h>

#include <doctest/doctest.h>

#include "support/holds.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using plugins::read_hmac_key;
using testing::holds;
using testing::TempDirectory;

namespace {

std::string text_of(Result<Secret> const& key) {
  return key ? std::string(key->view()) : key.error().text();
}

}  // namespace

TEST_CASE("the key for signatures is the first line of its file") {
  TempDirectory const directory;
  for (std::string const text : {"s3cret", "s3cret\n", "s3cret\r\n", "s3cret\nmore\n"})
    CHECK(text_of(read_hmac_key(directory.write("key", text))) == "s3cret");
  for (std::string const text : {"", "\n", "\nmore"})
    CHECK(holds(text_of(read_hmac_key(directory.write("key", text))), "its first line is empty"));
}

TEST_CASE("a key that everybody can read or write is none") {
  TempDirectory const directory;
  for (::mode_t const mode : {0600U, 0400U, 0640U, 0660U})
    CHECK(text_of(read_hmac_key(directory.write("key", "s3cret", mode))) == "s3cret");
  for (::mode_t const mode : {0604U, 0602U, 0601U, 0644U}) {
    auto const text = text_of(read_hmac_key(directory.write("key", "s3cret", mode)));
    CHECK(holds(text, "lets everybody in; chmod o-rwx"));
    CHECK_FALSE(holds(text, "s3cret"));
  }
}

TEST_CASE("what is missing, no file, or too large is told, and a FIFO keeps nobody") {
  TempDirectory const directory;
  CHECK(holds(text_of(read_hmac_key(directory / "none")), "No such file"));
  CHECK(holds(text_of(read_hmac_key(directory.string())), "no regular file"));
  auto const fifo = directory / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  CHECK(holds(text_of(read_hmac_key(fifo)), "no regular file"));
  CHECK(text_of(read_hmac_key(directory.write("key", std::string(4096, 'k')))).size() == 4096);
  CHECK(holds(text_of(read_hmac_key(directory.write("key", std::string(4097, 'k')))), "larger"));
}
