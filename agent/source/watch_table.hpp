#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "source/inode.hpp"
#include "source/inotify.hpp"
#include "source/watch.hpp"

namespace certpivot::source {

/// Who needs which watch for what. Watches are shared: the kernel gives the same one for the same
/// inode, by whatever path. Plain bookkeeping without a lock and without system calls.
class WatchTable {
 public:
  using Subscriber = Watcher::Subscriber;
  using Names = std::set<std::string>;

  /// The events that a directory is watched for. With names: all that can change an entry, those
  /// between IN_MODIFY and IN_CLOSE_WRITE included, since some writers keep their file open;
  /// half-written states cost a wake-up and no more. Without: only the directory's own end or move,
  /// so that a busy one wakes nobody.
  [[nodiscard]] static std::uint32_t mask_for(bool with_names);

  /// Says that `subscriber` needs `watch` for exactly these names from now on, and that the kernel
  /// has just been told to report mask_for(names) too. Whether it was so before.
  bool need(int watch, Subscriber subscriber, Names const& names);
  /// The watch is on this directory.
  void stands_for(int watch, Inode inode);
  /// The watch on this directory, where the kernel has been told to report all of `mask`. One whose
  /// directory is gone counts until forget(): those who need it by then are told of its end.
  [[nodiscard]] std::optional<int> watch_on(Inode inode, std::uint32_t mask) const;
  /// Events were lost, the end of a watch perhaps among them: no watch counts as being on any
  /// directory until it is set anew.
  void distrust() { by_inode_.clear(); }
  /// What all who need the watch need of it, where the kernel has been told more than that.
  [[nodiscard]] std::optional<std::uint32_t> narrower(int watch) const;
  /// The kernel has been told to report exactly this.
  void narrowed(int watch, std::uint32_t mask) { watches_[watch].told = mask; }

  /// Ends the subscriber's needs, except for the watches in `keep`. Those that nobody needs any
  /// more.
  [[nodiscard]] std::vector<int> release(Subscriber subscriber, std::set<int> const& keep = {});
  /// The kernel has dropped the watch by itself.
  void forget(int watch);

  /// Whom the change concerns: those who need its name, or all who need the watch where it is about
  /// the directory itself.
  [[nodiscard]] std::set<Subscriber> concerned(Change const& change) const;

  [[nodiscard]] std::size_t size() const { return watches_.size(); }

 private:
  struct Watch {
    std::map<Subscriber, Names> needs = {};
    std::map<std::string, std::set<Subscriber>> by_name = {};  ///< the same, the other way round
    std::uint32_t told = 0;
    Inode inode = {};
  };
  using Watches = std::map<int, Watch>;
  static void drop(Watch& watch, Subscriber subscriber);
  [[nodiscard]] static std::uint32_t needed(Watch const& watch);
  void erase(Watches::const_iterator watch);

  // A directory may hold the files of ten thousand subscribers, so that nothing here walks over
  // all.
  Watches watches_;
  std::map<Inode, int> by_inode_;
  std::map<Subscriber, std::set<int>> held_;
};

}  // namespace certpivot::source
