#include "source/watch_table.hpp"

#include <sys/inotify.h>

namespace certpivot::source {

std::uint32_t WatchTable::mask_for(bool with_names) {
  constexpr std::uint32_t itself = IN_MOVE_SELF | IN_DELETE_SELF;
  constexpr std::uint32_t entries =
      IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB;
  return with_names ? itself | entries : itself;
}

std::uint32_t WatchTable::needed(Watch const& watch) { return mask_for(!watch.by_name.empty()); }

void WatchTable::drop(Watch& watch, Subscriber subscriber) {
  for (auto const& name : watch.needs[subscriber]) {
    auto const found = watch.by_name.find(name);
    found->second.erase(subscriber);
    if (found->second.empty()) watch.by_name.erase(found);
  }
  watch.needs.erase(subscriber);
}

bool WatchTable::need(int watch, Subscriber subscriber, Names const& names) {
  auto& entry = watches_[watch];
  auto const before = entry.needs.find(subscriber);
  if (before != entry.needs.end() && before->second == names) return true;
  drop(entry, subscriber);
  for (auto const& name : names) entry.by_name[name].insert(subscriber);
  entry.needs[subscriber] = names;
  entry.told |= mask_for(!names.empty());
  held_[subscriber].insert(watch);
  return false;
}

void WatchTable::stands_for(int watch, Inode inode) {
  watches_.at(watch).inode = inode;
  by_inode_[inode] = watch;
}

std::optional<int> WatchTable::watch_on(Inode inode, std::uint32_t mask) const {
  auto const found = by_inode_.find(inode);
  if (found == by_inode_.end()) return std::nullopt;
  if ((watches_.at(found->second).told & mask) != mask) return std::nullopt;
  return found->second;
}

void WatchTable::erase(Watches::const_iterator watch) {
  auto const known = by_inode_.find(watch->second.inode);
  if (known != by_inode_.end() && known->second == watch->first) by_inode_.erase(known);
  watches_.erase(watch);
}

std::optional<std::uint32_t> WatchTable::narrower(int watch) const {
  auto const& entry = watches_.at(watch);
  if (entry.told == needed(entry)) return std::nullopt;
  return needed(entry);
}

std::vector<int> WatchTable::release(Subscriber subscriber, std::set<int> const& keep) {
  std::vector<int> unused;
  auto& held = held_[subscriber];
  for (auto at = held.begin(); at != held.end();) {
    if (keep.contains(*at)) {
      ++at;
      continue;
    }
    auto const found = watches_.find(*at);
    drop(found->second, subscriber);
    if (found->second.needs.empty()) {
      unused.push_back(*at);
      erase(found);
    }
    at = held.erase(at);
  }
  if (held.empty()) held_.erase(subscriber);
  return unused;
}

void WatchTable::forget(int watch) {
  auto const found = watches_.find(watch);
  if (found == watches_.end()) return;
  for (auto const& [subscriber, names] : found->second.needs) {
    auto const held = held_.find(subscriber);
    held->second.erase(watch);
    if (held->second.empty()) held_.erase(held);
  }
  erase(found);
}

std::set<WatchTable::Subscriber> WatchTable::concerned(Change const& change) const {
  std::set<Subscriber> who;
  auto const found = watches_.find(change.watch);
  if (found == watches_.end()) return who;
  auto const& watch = found->second;
  if (change.name.empty()) {
    for (auto const& [subscriber, names] : watch.needs) who.insert(subscriber);
  } else if (auto const named = watch.by_name.find(change.name); named != watch.by_name.end()) {
    who = named->second;
  }
  return who;
}

}  // namespace certpivot::source
