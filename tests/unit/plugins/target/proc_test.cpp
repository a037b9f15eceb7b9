#include "plugins/target/proc.hpp"

#include <chrono>
#include <fstream>
#include <unistd.h>

#include <doctest/doctest.h>

using namespace certpivot;
using namespace certpivot::plugins;

TEST_CASE("a process name with brackets and blanks does not shift the fields of stat") {
  auto const stat =
      parse_stat("42 (a) Z (b) S 7 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 123456 1 2 3\n");
  REQUIRE(stat.has_value());
  CHECK(stat->state == 'S');
  CHECK(stat->parent == 7);
  CHECK(stat->start == 123456);
  CHECK(!parse_stat("").has_value());
  CHECK(!parse_stat("42 (a) S 7").has_value());
  CHECK(
      !parse_stat("42 (a) S seven 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 123456").has_value());
}

TEST_CASE("status tells the effective user and the three signal masks") {
  auto const status = parse_status(
      "Name:\tx\nUid:\t1\t33\t3\t4\nSigBlk:\t0000000000000001\nSigIgn:\t0000000000001000\n"
      "SigCgt:\t0000000180004002\n");
  REQUIRE(status.has_value());
  CHECK(status->user == 33);
  CHECK(status->blocked == 1);
  CHECK(status->ignored == 0x1000);
  CHECK(status->caught == 0x180004002);
  CHECK(!parse_status("Name:\tx\n").has_value());
}

TEST_CASE("this very process is found, and started between the machine and now") {
  auto const stat = read_stat(::getpid());
  REQUIRE(stat.has_value());
  CHECK(stat->parent == ::getppid());
  CHECK(booted_at() <= started_at(*stat));
  CHECK(started_at(*stat) <= std::chrono::system_clock::now());
  CHECK(children_of(::getppid()).count({::getpid(), stat->start}) == 1);
}

TEST_CASE("a process is in its own group, in those above it, and in no other") {
  std::string own;
  std::ifstream("/proc/self/cgroup") >> own;
  own.erase(0, own.rfind(':') + 1);
  CHECK(is_in_cgroup(::getpid(), own));
  CHECK_FALSE(is_in_cgroup(::getpid(), "/no.slice/no.service"));
  CHECK_FALSE(is_in_cgroup(::getpid(), own + "x"));
}
