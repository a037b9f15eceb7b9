#include "source/coverage.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/magic.h>
#include <string_view>
#include <sys/stat.h>
#include <sys/vfs.h>

namespace certpivot::source {

namespace {

struct FileSystem {
  std::uint64_t magic;
  std::string_view name;
};

// Those on which somebody else can change a file without this kernel's inotify noticing: other
// hosts, a user-space server, the hypervisor, the kernel itself. Values that linux/magic.h lacks
// are from the sources of the kernel and of GNU coreutils (src/stat.c). A new one that is missing
// here costs speed only: the periodic read finds its changes.
constexpr std::array silent{
    FileSystem{NFS_SUPER_MAGIC, "NFS"},   FileSystem{SMB_SUPER_MAGIC, "SMB"},
    FileSystem{CIFS_SUPER_MAGIC, "CIFS"}, FileSystem{SMB2_SUPER_MAGIC, "SMB 2"},
    FileSystem{FUSE_SUPER_MAGIC, "FUSE"}, FileSystem{V9FS_MAGIC, "9p"},
    FileSystem{AFS_SUPER_MAGIC, "AFS"},   FileSystem{AFS_FS_MAGIC, "AFS"},
    FileSystem{CODA_SUPER_MAGIC, "Coda"}, FileSystem{CEPH_SUPER_MAGIC, "Ceph"},
    FileSystem{NCP_SUPER_MAGIC, "NCP"},   FileSystem{OCFS2_SUPER_MAGIC, "OCFS2"},
    FileSystem{0x01161970, "GFS2"},       FileSystem{0x0BD00BD0, "Lustre"},
    FileSystem{0x47504653, "GPFS"},       FileSystem{0x20030528, "OrangeFS"},
    FileSystem{0x786f4256, "VirtualBox"}, FileSystem{0xbacbacbc, "VMware HGFS"},
    FileSystem{0x61756673, "AUFS"},       FileSystem{PROC_SUPER_MAGIC, "proc"},
    FileSystem{SYSFS_MAGIC, "sysfs"},
};

Coverage unknown(std::string const& path, int errno_value) {
  return {true, "cannot tell the file system of " + path + ": " + system_text(errno_value) +
                    "; its changes are found by polling"};
}

Coverage from(int outcome, struct ::statfs const& facts, std::string const& path) {
  if (outcome != 0) return unknown(path, errno);
  // Some architectures have f_type signed; a magic has 32 bits.
  return coverage_of_type(static_cast<std::uint32_t>(facts.f_type), path);
}

Inode inode_of(int fd) {
  struct ::stat facts {};
  return ::fstat(fd, &facts) == 0 ? Inode{facts.st_dev, facts.st_ino} : Inode{};
}

}  // namespace

Coverage coverage_of_type(std::uint64_t magic, std::string const& path) {
  auto const* const found = std::find_if(silent.begin(), silent.end(),
                                         [&](auto const& each) { return each.magic == magic; });
  if (found == silent.end()) return {};
  return {true, path + " is on " + std::string(found->name) +
                    ", which does not report changes made elsewhere; they are found by polling, so "
                    "lower source.poll where that is too slow"};
}

Reached reach(WatchPoint const& point) {
  auto const& path = point.directory;
  // Read access is what inotify_add_watch(2) asks for; opening with it fails here, where waiting
  // harms nobody.
  UniqueFd directory{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC)};
  if (directory.valid()) {
    struct ::statfs facts {};
    auto coverage = from(::fstatfs(directory.get(), &facts), facts, path);
    auto const inode = inode_of(directory.get());
    return {std::move(directory), inode, 0, std::move(coverage)};
  }
  int const cause = errno;
  if (cause == ENOENT || cause == ENOTDIR || cause == ELOOP) return {{}, {}, cause, {}};
  return {{},
          {},
          cause,
          {true, "cannot watch " + path + ": " + system_text(cause) +
                     "; let certpivot's user read the directory (chmod g+rx), until then "
                     "changes are found by polling"}};
}

Coverage coverage_of(std::string const& path) {
  struct ::statfs facts {};
  return from(::statfs(path.c_str(), &facts), facts, path);
}

}  // namespace certpivot::source
