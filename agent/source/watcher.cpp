#include <cerrno>
#include <map>
#include <mutex>
#include <optional>
#include <sys/inotify.h>
#include <utility>

#include "log/log.hpp"
#include "loop/asio.hpp"
#include "source/coverage.hpp"
#include "source/inotify.hpp"
#include "source/mount.hpp"
#include "source/watch.hpp"
#include "source/watch_points.hpp"
#include "source/watch_table.hpp"

namespace certpivot::source {

namespace {

// Links that flip faster than they can be followed wake the subscriber anyway.
constexpr int most_rounds = 8;

/// The first reason counts; the others are of the same kind, more often than not.
void add_reason(Coverage& all, Coverage const& one) {
  if (one.polling_only && !all.polling_only) all = one;
}

}  // namespace

// What may wait for a mount (walking paths, opening directories, asking for the file system) is
// done without the mutex. What changes a watch is done under it, with the table that says who needs
// it: the kernel gives one watch for one inode to everybody, so that otherwise one thread could
// remove, or narrow, the watch that another has just been given. That cannot hang: a watch is set
// on a directory that is open already and is on a local file system.
struct Watcher::Shared {
  std::mutex mutex;
  std::optional<Inotify> inotify;  ///< none: not to be had, broken, or the Watcher is gone
  std::string why_none;
  WatchTable table;
  /// No longer in the table. Given back to the kernel after the next change has been told, because
  /// it takes its time for it, and who arms is in a hurry.
  std::set<int> unneeded;
  std::map<Subscriber, std::function<void()>> subscribers;
  Subscriber next = 1;

  Log* log = nullptr;  ///< this and the next for the loop's thread only
  std::unique_ptr<asio::posix::stream_descriptor> stream;

  /// What one call of arm() is about.
  struct Arming {
    Subscriber subscriber = 0;
    Lookups lookups = {};
    std::map<int, std::set<std::string>> watches = {};  ///< needed from now on, for these names
  };

  void start(asio::any_io_executor const& executor);
  static void await_changes(std::shared_ptr<Shared> const& self);
  void take_changes();
  void break_down(std::string const& why);
  [[nodiscard]] std::set<Subscriber> concerned(Changes const& changes);
  void wake(std::set<Subscriber> const& who);

  [[nodiscard]] Coverage arm(Subscriber subscriber, settings::Source const& source);
  [[nodiscard]] Coverage watch(Arming& arming, WatchPoint const& point);
  [[nodiscard]] bool share(Arming& arming, WatchPoint const& point);
  [[nodiscard]] Coverage set(Arming& arming, WatchPoint const& point, Reached const& reached);
  void need(int watch, Arming& arming, WatchPoint const& point);
  void release(Arming const& arming);
  void remove_unneeded();
};

void Watcher::Shared::start(asio::any_io_executor const& executor) {
  auto made = Inotify::create();
  if (!made) return break_down(made.error().text());
  inotify.emplace(std::move(*made));
  stream = std::make_unique<asio::posix::stream_descriptor>(executor);
  boost::system::error_code failure;
  stream->assign(inotify->fd(), failure);
  if (failure) break_down("cannot wait for inotify events: " + failure.message());
}

/// From now on everything is polled.
void Watcher::Shared::break_down(std::string const& why) {
  if (stream && stream->is_open()) stream->release();
  {
    std::lock_guard const lock(mutex);
    inotify.reset();
    why_none = why + "; until the next start changes are found by polling";
  }
  log->warning({}, why_none);
}

void Watcher::Shared::await_changes(std::shared_ptr<Shared> const& self) {
  if (!self->stream || !self->stream->is_open()) return;
  // Weak, because the loop may outlive the Watcher.
  self->stream->async_wait(asio::posix::stream_descriptor::wait_read,
                           [weak = std::weak_ptr(self)](boost::system::error_code const& failure) {
                             auto const alive = weak.lock();
                             if (failure || !alive) return;
                             alive->take_changes();
                             await_changes(alive);
                             // Behind what the change has set going.
                             if (alive->stream)
                               asio::post(alive->stream->get_executor(),
                                          [alive] { alive->remove_unneeded(); });
                           });
}

void Watcher::Shared::take_changes() {
  std::unique_lock lock(mutex);
  if (!inotify) return;
  auto const changes = inotify->take();
  if (changes) {
    auto const who = concerned(*changes);
    lock.unlock();
    if (std::holds_alternative<Overflowed>(*changes))
      log->notice({}, "inotify events were lost (fs.inotify.max_queued_events = " +
                          inotify_limit("max_queued_events") + "); every source is read again");
    return wake(who);
  }
  std::set<Subscriber> all;
  for (auto const& [subscriber, changed] : subscribers) all.insert(subscriber);
  lock.unlock();
  break_down(changes.error().text());
  wake(all);
}

std::set<Watcher::Subscriber> Watcher::Shared::concerned(Changes const& changes) {
  std::set<Subscriber> who;
  auto const* const told = std::get_if<std::vector<Change>>(&changes);
  if (told == nullptr) {
    table.distrust();
    for (auto const& [subscriber, changed] : subscribers) who.insert(subscriber);
    return who;
  }
  for (auto const& change : *told) {
    who.merge(table.concerned(change));
    if ((change.mask & IN_IGNORED) == 0) continue;
    table.forget(change.watch);
    unneeded.erase(change.watch);
  }
  return who;
}

void Watcher::Shared::wake(std::set<Subscriber> const& who) {
  for (auto const subscriber : who) {
    std::function<void()> changed;
    {
      // Looked up anew for each: the one before may have unsubscribed it.
      std::lock_guard const lock(mutex);
      if (auto const found = subscribers.find(subscriber); found != subscribers.end())
        changed = found->second;
    }
    if (changed) changed();
  }
}

Coverage Watcher::Shared::arm(Subscriber subscriber, settings::Source const& source) {
  Arming arming{.subscriber = subscriber};
  auto ways = ways_to(source, arming.lookups);
  auto points = points_on(ways);
  Coverage coverage;
  // Watch first, look second: a link that flips before its directory is watched shows when the ways
  // are walked again, one that flips after that is an event. Only what is new to the subscriber is
  // looked up again.
  for (int round = 0; round < most_rounds; ++round) {
    coverage = {};
    arming.watches.clear();
    for (auto const& point : points) add_reason(coverage, watch(arming, point));
    ways = ways_to(source, arming.lookups);
    auto now = points_on(ways);
    if (now == points) break;
    points = std::move(now);
  }
  for (auto const& way : ways) add_reason(coverage, single_file_mount(way));
  release(arming);
  return coverage;
}

Coverage Watcher::Shared::watch(Arming& arming, WatchPoint const& point) {
  if (share(arming, point)) return {};
  arming.lookups.forget(point.directory);
  auto const reached = reach(point);
  if (reached.error == EACCES && point.names.empty() && point.directory != "/") {
    // A directory that may be passed but not read: its own move shows in the one above.
    auto const slash = point.directory.rfind('/');
    auto const above = slash == 0 ? "/" : point.directory.substr(0, slash);
    return watch(arming, {above, {point.directory.substr(slash + 1)}});
  }
  if (reached.error != 0 || reached.coverage.polling_only) return reached.coverage;
  return set(arming, point, reached);
}

/// Whether the directory is watched already, as most are: somebody needs it, or this subscriber did
/// the last time. What is to be narrowed is set anew.
bool Watcher::Shared::share(Arming& arming, WatchPoint const& point) {
  if (!point.inode.known()) return false;
  std::lock_guard const lock(mutex);
  if (!inotify || !subscribers.contains(arming.subscriber)) return false;
  auto const watch = table.watch_on(point.inode, WatchTable::mask_for(!point.names.empty()));
  if (!watch) return false;
  need(*watch, arming, point);
  return !table.narrower(*watch);
}

/// Two paths may lead to one inode; the names of both count.
void Watcher::Shared::need(int watch, Arming& arming, WatchPoint const& point) {
  auto& names = arming.watches[watch];
  names.insert(point.names.begin(), point.names.end());
  bool const known = table.need(watch, arming.subscriber, names);
  if (!known) arming.lookups.forget(point.directory);
}

Coverage Watcher::Shared::set(Arming& arming, WatchPoint const& point, Reached const& reached) {
  std::lock_guard const lock(mutex);
  if (!inotify) return {true, why_none};
  if (!subscribers.contains(arming.subscriber))
    return {};  // unsubscribed while its worker was at it
  auto const mask = WatchTable::mask_for(!point.names.empty());
  int const directory = reached.directory.get();
  auto made = inotify->add(directory, point.directory, IN_MASK_ADD | mask);
  if (made) {
    unneeded.erase(*made);
    need(*made, arming, point);
    if (reached.inode.known()) table.stands_for(*made, reached.inode);
    auto const narrower = table.narrower(*made);
    if (!narrower) return {};
    made = inotify->add(directory, point.directory, *narrower);
    if (made) table.narrowed(*made, *narrower);
  }
  if (made) return {};
  return {true, made.error().text() + "; until then changes are found by polling"};
}

/// Gives back what the subscriber needed before and needs no longer.
void Watcher::Shared::release(Arming const& arming) {
  std::set<int> kept;
  for (auto const& [watch, names] : arming.watches) kept.insert(watch);
  std::lock_guard const lock(mutex);
  // A watch that others still need may report more than they want until the next of them arms it.
  auto const released = table.release(arming.subscriber, kept);
  unneeded.insert(released.begin(), released.end());
}

void Watcher::Shared::remove_unneeded() {
  std::lock_guard const lock(mutex);
  for (int const watch : std::exchange(unneeded, {}))
    if (inotify) inotify->remove(watch);
}

Watcher::Watcher(asio::any_io_executor const& executor, Log& log)
    : shared_(std::make_shared<Shared>()) {
  shared_->log = &log;
  shared_->start(executor);
  Shared::await_changes(shared_);
}

Watcher::~Watcher() {
  // The loop's objects go now, on its thread; a worker that hangs in arm() keeps only the rest.
  if (shared_->stream && shared_->stream->is_open()) shared_->stream->release();
  shared_->stream.reset();
  std::lock_guard const lock(shared_->mutex);
  shared_->inotify.reset();
  shared_->why_none = "certpivot is stopping";
  shared_->subscribers.clear();
}

Watcher::Subscriber Watcher::subscribe(std::function<void()> changed) {
  std::lock_guard const lock(shared_->mutex);
  auto const subscriber = shared_->next++;
  shared_->subscribers.emplace(subscriber, std::move(changed));
  return subscriber;
}

void Watcher::unsubscribe(Subscriber subscriber) {
  {
    std::lock_guard const lock(shared_->mutex);
    shared_->subscribers.erase(subscriber);
  }
  shared_->release({.subscriber = subscriber});
  shared_->remove_unneeded();
}

Coverage Watcher::arm(Subscriber subscriber, settings::Source const& source) {
  auto const shared = shared_;  // arm() on a mount that hangs may outlive the Watcher
  return shared->arm(subscriber, source);
}

std::size_t Watcher::watched() const {
  std::lock_guard const lock(shared_->mutex);
  return shared_->table.size();
}

}  // namespace certpivot::source
