#include "source/coverage.hpp"

#include <cerrno>
#include <linux/magic.h>

#include <doctest/doctest.h>

using namespace certpivot;

TEST_CASE("network, user-space and kernel file systems are polled, and the sentence names them") {
  struct Expected {
    std::uint64_t magic;
    char const* name;
  };
  for (auto const& [magic, name] :
       {Expected{0x6969, "NFS"}, Expected{0xFF534D42, "CIFS"}, Expected{0xFE534D42, "SMB 2"},
        Expected{0x65735546, "FUSE"}, Expected{0x01021997, "9p"}, Expected{0x5346414F, "AFS"},
        Expected{0x00c36400, "Ceph"}, Expected{0x9fa0, "proc"}}) {
    auto const coverage = source::coverage_of_type(magic, "/mnt/certs");
    CHECK(coverage.polling_only);
    INFO(coverage.why);
    CHECK(coverage.why.starts_with("/mnt/certs is on " + std::string(name)));
    CHECK(coverage.why.find("source.poll") != std::string::npos);
  }
}

TEST_CASE("local file systems are watched") {
  for (auto const magic : {EXT4_SUPER_MAGIC, TMPFS_MAGIC, OVERLAYFS_SUPER_MAGIC})
    CHECK(source::coverage_of_type(static_cast<std::uint64_t>(magic), "/mnt/certs") ==
          source::Coverage{});
  CHECK(source::coverage_of("/tmp") == source::Coverage{});
}

TEST_CASE("the file system of a path is asked for, and one that has none is polled") {
  CHECK(source::coverage_of("/proc/self").polling_only);
  auto const coverage = source::coverage_of("/tmp/certpivot no such directory");
  CHECK(coverage.polling_only);
  CHECK(coverage.why.find("No such file or directory") != std::string::npos);
}

TEST_CASE("a directory that went away meanwhile is no reason to poll") {
  auto const reached = source::reach({"/tmp/certpivot no such directory", {"tls.crt"}});
  CHECK(!reached.directory.valid());
  CHECK(reached.error == ENOENT);
  CHECK(!reached.coverage.polling_only);
}
