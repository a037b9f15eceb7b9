#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace certpivot::source {

/// One entry that the kernel looks up on the way to a file.
struct Step {
  std::string directory = {};    ///< where it is looked up: absolute, without links
  std::string name = {};         ///< the entry
  std::string link_target = {};  ///< where it is a link
  int error = 0;                 ///< errno of looking it up, 0 where it is there
  ::mode_t type = 0;             ///< S_IFDIR, S_IFLNK, S_IFREG, …
  unsigned links = 0;            ///< hard links; 0 for a file that was replaced below a mount of it
  bool mount_root = false;       ///< something is mounted on exactly this entry

  [[nodiscard]] std::string path() const;
};

/// The way to a file.
struct Walk {
  std::vector<Step> steps = {};
  int error = 0;  ///< ENOENT, EACCES, ENOTDIR, ELOOP, … where the way ends before the file
  bool to_the_end =
      false;  ///< the last step is the path's last component, not a directory before it

  /// The file itself, its links resolved, or the entry that the way ended at. Null for "/" alone.
  [[nodiscard]] Step const* last() const { return steps.empty() ? nullptr : &steps.back(); }
};

/// Follows an absolute path one entry at a time, as path_resolution(7) has it, and says what was
/// met. More than 40 links end it with ELOOP. The answer is a picture of several moments: good for
/// choosing what to watch and for explaining a failure, never for deciding what to read. Blocks.
[[nodiscard]] Walk walk(std::string const& path);

}  // namespace certpivot::source
