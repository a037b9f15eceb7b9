#include "crypto/passphrase.hpp"

#include <string>

#include <doctest/doctest.h>

using certpivot::crypto::passphrase_in;

TEST_CASE("a passphrase is the first line of its file, and what would not be one is an error") {
  CHECK(*passphrase_in("s3cret") == "s3cret");
  CHECK(*passphrase_in("s3cret\r\nand a remark\n") == "s3cret");
  CHECK(*passphrase_in(std::string("s3cret\n\0", 8)) == "s3cret");
  for (char const* const empty : {"", "\n", "\r\nsecond line"})
    CHECK(passphrase_in(empty).error().why == "its first line is empty");
  auto const answer = passphrase_in(std::string("s3cret\0b", 8));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().text() ==
        "cannot read the passphrase: it holds a zero byte; write the passphrase as its first line, "
        "or leave passphrase_file out for none");
}
