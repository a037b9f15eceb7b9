#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace certpivot::source {

/// One event of inotify(7).
struct Change {
  int watch = -1;
  std::uint32_t mask = 0;
  std::string name = {};  ///< the entry in the watched directory; empty: the directory itself
  bool operator==(Change const&) const = default;
};

/// Events were lost: the queue was full (IN_Q_OVERFLOW), or a buffer that makes no sense. Anything
/// may have changed, and any watch may be gone, so that what else is in the same buffer is not
/// worth telling.
struct Overflowed {
  bool operator==(Overflowed const&) const = default;
};

using Changes = std::variant<std::vector<Change>, Overflowed>;

/// What one read(2) of an inotify descriptor says. Any bytes are safe.
[[nodiscard]] Changes parse_changes(std::span<std::byte const> buffer);

/// An inotify instance, nothing more. Not thread-safe.
class Inotify {
 public:
  /// Errors: EMFILE where the user has too many instances, with fs.inotify.max_user_instances in
  /// it.
  [[nodiscard]] static Result<Inotify> create();

  [[nodiscard]] int fd() const { return fd_.get(); }

  /// Watches the open directory for `mask` and returns the watch, the same one for the same inode.
  /// With IN_MASK_ADD a watch that is there is widened, without it is set anew. The directory is
  /// named by its descriptor, by way of /proc, so that no path is looked up and nothing waits for a
  /// mount that hangs. Errors: ENOSPC where the user has too many watches, with
  /// fs.inotify.max_user_watches in it.
  [[nodiscard]] Result<int> add(int directory, std::string const& path, std::uint32_t mask);

  /// Forgets a watch. One that the kernel has dropped already, its directory being gone, is no
  /// failure.
  void remove(int watch);

  /// The events that wait, at least one where the descriptor is readable; none otherwise.
  [[nodiscard]] Result<Changes> take();

 private:
  explicit Inotify(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

/// The value of fs.inotify.<name>, or "unknown".
[[nodiscard]] std::string inotify_limit(std::string const& name);

}  // namespace certpivot::source
