#include "base/error.hpp"

#include <cerrno>
#include <ostream>

#include <doctest/doctest.h>

#include "base/result.hpp"

using namespace certpivot;

TEST_CASE("an error reads as one sentence: what, where, why, remedy") {
  CHECK(Error{"cannot read the key", "/a/tls.key", "Permission denied", "let the group read it"}
            .text() == "cannot read the key /a/tls.key: Permission denied; let the group read it");
}

TEST_CASE("parts that an error lacks leave no trace in its sentence") {
  CHECK(Error{"cannot read the key"}.text() == "cannot read the key");
  CHECK(Error{"cannot read the key", "", "Permission denied"}.text() ==
        "cannot read the key: Permission denied");
  CHECK(Error{"cannot read the key", "/a", "", "wait"}.text() == "cannot read the key /a; wait");
}

TEST_CASE("a failed call keeps the system's cause in words and as a code") {
  errno = ENOENT;
  Result<int> const answer = fail_errno("cannot open", "/a");
  REQUIRE_FALSE(answer);
  CHECK(answer.error().why == "No such file or directory");
  CHECK(answer.error().code == std::errc::no_such_file_or_directory);
}
