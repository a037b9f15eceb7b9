#include "source/mount.hpp"

#include <algorithm>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <utility>

#include "source/coverage.hpp"
#include "source/inotify.hpp"
#include "source/watch_points.hpp"

namespace certpivot::source {

namespace {

void add(std::vector<std::string>& remarks, std::string remark) {
  if (remark.empty() || std::find(remarks.begin(), remarks.end(), remark) != remarks.end()) return;
  remarks.push_back(std::move(remark));
}

/// Makes the watch that the daemon would make, on an instance of its own.
std::string try_watch(Inotify& inotify, WatchPoint const& point) {
  auto const reached = reach(point);
  if (!reached.directory.valid() || reached.coverage.polling_only) return reached.coverage.why;
  auto const watch = inotify.add(reached.directory.get(), point.directory, IN_DELETE_SELF);
  return watch ? std::string{} : watch.error().text();
}

}  // namespace

Coverage single_file_mount(Walk const& way) {
  auto const* const file = way.last();
  if (way.error != 0 || file == nullptr || !S_ISREG(file->type) || !file->mount_root) return {};
  if (file->links == 0)
    return {true,
            file->path() +
                " is a mount of a single file (subPath) that was replaced since: it shows the "
                "old file until the container is started again; mount the whole directory"};
  return {true, file->path() +
                    " is a mount of a single file (subPath): a file that replaces it never shows "
                    "here, and a rewritten one only by polling; mount the whole directory"};
}

std::vector<std::string> mount_remarks(settings::Source const& source) {
  std::vector<std::string> remarks;
  auto const ways = ways_to(source);
  for (auto const& way : ways) add(remarks, single_file_mount(way).why);
  auto inotify = Inotify::create();
  if (!inotify) {
    add(remarks, inotify.error().text());
    return remarks;
  }
  // Only directories whose entries matter: on NFS every one above would say the same.
  for (auto const& point : points_on(ways))
    if (!point.names.empty()) add(remarks, try_watch(*inotify, point));
  return remarks;
}

}  // namespace certpivot::source
