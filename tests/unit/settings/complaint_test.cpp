#include "settings/complaint.hpp"

#include <doctest/doctest.h>

using certpivot::settings::Complaint;
using certpivot::settings::did_you_mean_or_all;
using certpivot::settings::nearest;

TEST_CASE("a complaint names file, line and column where it has them") {
  CHECK(Complaint{"a.toml", 3, 1, "it is wrong"}.sentence() == "a.toml:3:1: it is wrong");
  CHECK(Complaint{"a.toml", 0, 0, "it is missing"}.sentence() == "a.toml: it is missing");
  CHECK(Complaint{"", 0, 0, "--key is wrong"}.sentence() == "--key is wrong");
}

TEST_CASE("the nearest key is the one with the fewest changes, the first of equals") {
  CHECK(nearest("sorce", {"name", "source", "trust"}) == "source");
  CHECK(nearest("publsih", {"publish", "probe"}) == "publish");
  CHECK(nearest("key-mode", {"key", "key_mode"}) == "key_mode");
  CHECK(nearest("NAME", {"source", "name"}) == "name");
  CHECK(nearest("hoot", {"hook", "host"}) == "hook");
  CHECK(nearest("certificates", {"certificate_mode", "certificate"}) == "certificate");
}

TEST_CASE("no key is offered that shares too little with what was written") {
  CHECK(nearest("colour", {"name", "source", "trust"}).empty());
  CHECK(nearest("x", {"y", "key"}).empty());
  CHECK(nearest("abc", {"axy"}).empty());
  CHECK(nearest("", {"a", ""}).empty());
  CHECK(nearest("word", {}).empty());
}

TEST_CASE("where no word is near all of them are told") {
  CHECK(did_you_mean_or_all("expird", {"expired", "revoked"}) == "; did you mean 'expired'?");
  CHECK(did_you_mean_or_all("x", {"expired", "revoked"}) == "; there are expired, revoked");
}
