#include "probe/tally.hpp"

#include <doctest/doctest.h>

using namespace certpivot;

TEST_CASE("what was served instead is said, although the time ended in the middle of a handshake") {
  probe::Expected const expected{.name = "generation 7", .leaf = {.fingerprint = "new"}};
  probe::Tally tally(expected);
  tally.count(CertificateFacts{.subject = "CN=old", .fingerprint = "old"});
  tally.count(Error{"no answer in 2ms from", "a:1"});
  std::string const why = tally.failure({.address = "a:1"}).why;
  CHECK(why.find("the last other one served was CN=old") != std::string::npos);
  CHECK(why.ends_with(", then the last failure was: no answer in 2ms from a:1"));
  tally.count(CertificateFacts{.subject = "CN=other", .fingerprint = "other"});
  CHECK(tally.failure({.address = "a:1"}).why.find("no answer") == std::string::npos);
}
