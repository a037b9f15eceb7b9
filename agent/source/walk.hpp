#pragma once

#include <map>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

#include "source/inode.hpp"

namespace certpivot::source {

/// One entry that the kernel looks up on the way to a file.
struct Step {
  std::string directory = {};    ///< where it is looked up: absolute, without links
  std::string name = {};         ///< the entry
  std::string link_target = {};  ///< where it is a link
  int error = 0;                 ///< errno of looking it up, 0 where it is there
  ::mode_t type = 0;             ///< S_IFDIR, S_IFLNK, S_IFREG, …
  Inode inode = {};
  unsigned links = 0;       ///< hard links; 0 for a file that was replaced below a mount of it
  bool mount_root = false;  ///< something is mounted on exactly this entry

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

/// Looks each entry up once in its lifetime: the ways to the files of a source have most in common.
class Lookups {
 public:
  /// `directory` is absolute and without links.
  [[nodiscard]] Step const& of(std::string const& directory, std::string const& name);
  /// Entries of this directory are looked up anew.
  void forget(std::string const& directory);

 private:
  std::map<std::pair<std::string, std::string>, Step> known_ = {};
};

/// Follows an absolute path one entry at a time, as path_resolution(7) has it, and says what was
/// met. More than 40 links end it with ELOOP. The answer is a picture of several moments: good for
/// choosing what to watch and for explaining a failure, never for deciding what to read. Blocks.
[[nodiscard]] Walk walk(std::string const& path);
[[nodiscard]] Walk walk(std::string const& path, Lookups& lookups);

}  // namespace certpivot::source
