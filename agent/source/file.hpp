#pragma once

#include <sys/stat.h>

#include <tl/expected.hpp>

#include "source/inode.hpp"
#include "source/names.hpp"
#include "source/read.hpp"

namespace certpivot::source {

/// What tells one version of a file from another: the inode that a name leads to, and the inode's
/// own marks. The change time cannot be set by programs; the bytes are compared besides, because
/// before Linux 6.13 it moves in steps of some milliseconds.
struct Stamp {
  Inode inode = {};
  ::off_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;
  bool operator==(Stamp const&) const = default;
};

/// One file as one look found it.
struct Look {
  FileBytes file = {};
  Stamp stamp = {};
};

/// Reads one file, relative names below `directory`. It is looked at before it is opened, because
/// opening alone can disturb (a FIFO's writer, a tape, a watchdog), and once more through the
/// descriptor. More than `limit` bytes are a fault. Never waits for another program; a slow disk or
/// network it does wait for.
[[nodiscard]] tl::expected<Look, Fault> look_at(int directory, Name const& name,
                                                std::size_t limit = size_limit);

/// Whether the name leads to the same file with the same bytes as in `look`: read once more.
[[nodiscard]] bool is_unchanged(Look const& look, int directory, Name const& name);

}  // namespace certpivot::source
