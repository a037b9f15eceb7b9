#include "source/watch_points.hpp"

#include <map>
#include <sys/stat.h>

#include "source/names.hpp"

namespace certpivot::source {

std::vector<WatchPoint> points_on(std::vector<Walk> const& ways) {
  std::map<std::string, WatchPoint> points;
  for (auto const& way : ways) {
    for (auto const& step : way.steps) {
      // A directory that is there needs no name above it: its own watch tells when it is moved or
      // deleted, and a busy directory above, such as /tmp, then wakes nobody.
      if (S_ISDIR(step.type))
        points[step.path()].inode = step.inode;
      else
        points[step.directory].names.insert(step.name);
    }
  }
  std::vector<WatchPoint> sorted;
  sorted.reserve(points.size());
  for (auto& [directory, point] : points)
    sorted.push_back({directory, std::move(point.names), point.inode});
  return sorted;
}

std::vector<Walk> ways_to(settings::Source const& source) {
  Lookups lookups;
  return ways_to(source, lookups);
}

std::vector<Walk> ways_to(settings::Source const& source, Lookups& lookups) {
  std::vector<Walk> ways;
  for (auto const& name : names_to_watch(source)) ways.push_back(walk(name.path, lookups));
  for (auto const& path : source.also_watched) ways.push_back(walk(path, lookups));
  return ways;
}

std::vector<WatchPoint> watch_points(settings::Source const& source) {
  return points_on(ways_to(source));
}

}  // namespace certpivot::source
