#include "crypto/library.hpp"

#include <doctest/doctest.h>

using namespace certpivot::crypto;

TEST_CASE("a digest changes when a byte moves from one piece to the next") {
  CHECK(digest({"ab", "c"}) == digest({"ab", "c"}));
  CHECK(digest({"ab", "c"}) != digest({"a", "bc"}));
  CHECK(digest({"ab"}) != digest({"ab", ""}));
  CHECK(digest({}) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("the library tells its version and can be warmed up twice") {
  warm_up();
  warm_up();
  CHECK(library_version().find("OpenSSL 3.") == 0);
}
