#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "loop/task.hpp"
#include "settings/settings.hpp"
#include "source/inode.hpp"

namespace certpivot {
class Log;
}

namespace certpivot::source {

/// A directory to watch for one certificate.
struct WatchPoint {
  std::string directory = {};
  /// Entries that matter in it: the file itself, a link on the way ("..data"), the next component
  /// of a path that does not exist yet. Events about others wake nobody.
  std::set<std::string> names = {};
  Inode inode = {};  ///< of the directory, as the walk met it; not known for "/"
  auto operator<=>(WatchPoint const&) const = default;
};

/// Every directory whose change can change what the source's files are: for each file, every
/// component of its path with every link resolved, because a watch on a file follows its inode and
/// one through a link sees nothing of a swap. `names` is empty for ancestors that are watched only
/// for being moved or deleted themselves. Where a component is missing, the last directory that
/// exists is watched for its coming. A loop of links ends the walk (ELOOP after 40, as the kernel
/// has it). Blocks.
[[nodiscard]] std::vector<WatchPoint> watch_points(settings::Source const& source);

/// How changes of a source are noticed.
struct Coverage {
  bool polling_only = false;
  std::string why = {};  ///< a sentence for log and check, with the remedy (the sysctl's name)
  bool operator==(Coverage const&) const = default;
};

/// Whether the file system below `path` reports changes made elsewhere (statfs(2) magic: NFS, CIFS,
/// FUSE, 9p and their like do not). Blocks.
[[nodiscard]] Coverage coverage_of(std::string const& path);

/// One inotify instance for the process, and who wants to know about what. inotify is a hint that
/// makes things fast; the periodic full read is the guarantee.
class Watcher {
 public:
  using Subscriber = std::uint64_t;

  /// Starts on `executor`'s loop. Where no inotify instance is to be had
  /// (fs.inotify.max_user_instances) every source is polled, and arm() says so.
  Watcher(boost::asio::any_io_executor const& executor, Log& log);
  Watcher(Watcher const&) = delete;
  Watcher& operator=(Watcher const&) = delete;
  Watcher(Watcher&&) = delete;
  Watcher& operator=(Watcher&&) = delete;
  ~Watcher();

  /// `changed` is called on the loop, once or more often, after anything that may have changed the
  /// subscriber's source, an overflow of the queue (fs.inotify.max_queued_events) included.
  [[nodiscard]] Subscriber subscribe(std::function<void()> changed);
  void unsubscribe(Subscriber subscriber);

  /// Makes the subscriber's watches those that its source needs now, and drops others. To be called
  /// before the source is read, so that no change falls between. Blocks: for a worker; thread-safe,
  /// and a mount that hangs delays no other subscriber.
  [[nodiscard]] Coverage arm(Subscriber subscriber, settings::Source const& source);

  /// Watched directories now, for tests and metrics.
  [[nodiscard]] std::size_t watched() const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace certpivot::source
