#pragma once

#include <cstdint>
#include <string>

#include "base/unique_fd.hpp"
#include "source/watch.hpp"

namespace certpivot::source {

/// coverage_of() for a file system type as statfs(2) has it in f_type; `path` is for the sentence.
[[nodiscard]] Coverage coverage_of_type(std::uint64_t magic, std::string const& path);

/// A directory opened so that it can be watched.
struct Reached {
  UniqueFd directory = {};
  Inode inode = {};
  int error = 0;           ///< errno where it could not be opened
  Coverage coverage = {};  ///< polling_only where it cannot be watched or watching shows nothing
};

/// Opens the watch point's directory and asks for its file system. One that is gone meanwhile is no
/// reason to poll: looking at the way again shows what is there instead. Blocks, for ever on a
/// mount that hangs.
[[nodiscard]] Reached reach(WatchPoint const& point);

}  // namespace certpivot::source
