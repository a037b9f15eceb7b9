#pragma once

#include <filesystem>

#include "support/program.hpp"

namespace certpivot::testing {

/// One directory shown at another place by a real FUSE server, bindfs. What is written to the first
/// shows in the second, but this kernel's inotify does not see it there: like a network file system
/// that another host writes to.
class FuseMount {
 public:
  /// Root, /dev/fuse and bindfs are there; where not, the test says that it is skipped.
  [[nodiscard]] static bool possible();

  FuseMount(std::filesystem::path const& from, std::filesystem::path at);
  FuseMount(FuseMount const&) = delete;
  FuseMount& operator=(FuseMount const&) = delete;
  FuseMount(FuseMount&&) = delete;
  FuseMount& operator=(FuseMount&&) = delete;
  ~FuseMount();

  /// From now on whoever opens a file there waits, as on the mount of a server that is gone.
  void hang() const;
  void answer_again() const;

 private:
  std::filesystem::path at_;
  Program server_;
};

}  // namespace certpivot::testing
