#include "support/fuse_mount.hpp"

#include <csignal>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "support/sources.hpp"

namespace certpivot::testing {

namespace {
constexpr auto bindfs = "/usr/bin/bindfs";
}  // namespace

bool FuseMount::possible() {
  bool const all_there =
      ::geteuid() == 0 && ::access("/dev/fuse", R_OK | W_OK) == 0 && ::access(bindfs, X_OK) == 0;
  if (!all_there) MESSAGE("skipped: a FUSE mount needs root, /dev/fuse and bindfs");
  return all_there;
}

FuseMount::FuseMount(std::filesystem::path const& from, std::filesystem::path at)
    : at_(std::move(at)), server_({bindfs, "-f", from.string(), at_.string()}) {
  wait_until("it is mounted", [this] {
    struct ::statfs facts {};
    return ::statfs(at_.c_str(), &facts) == 0 && facts.f_type == FUSE_SUPER_MAGIC;
  });
}

FuseMount::~FuseMount() {
  answer_again();
  ::umount2(at_.c_str(), MNT_DETACH);
}

void FuseMount::hang() const { ::kill(server_.pid(), SIGSTOP); }
void FuseMount::answer_again() const { ::kill(server_.pid(), SIGCONT); }

}  // namespace certpivot::testing
