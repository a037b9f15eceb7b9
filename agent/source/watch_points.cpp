#include "source/watch_points.hpp"

#include <map>
#include <sys/stat.h>

#include "source/names.hpp"

namespace certpivot::source {

std::vector<WatchPoint> points_on(std::vector<Walk> const& ways) {
  std::map<std::string, std::set<std::string>> points;
  for (auto const& way : ways) {
    for (auto const& step : way.steps) {
      // A directory that is there needs no name above it: its own watch tells when it is moved or
      // deleted, and a busy directory above, such as /tmp, then wakes nobody.
      if (S_ISDIR(step.type))
        points.try_emplace(step.path());
      else
        points[step.directory].insert(step.name);
    }
  }
  std::vector<WatchPoint> sorted;
  sorted.reserve(points.size());
  for (auto& [directory, names] : points) sorted.push_back({directory, std::move(names)});
  return sorted;
}

std::vector<Walk> ways_to(settings::Source const& source) {
  std::vector<Walk> ways;
  for (auto const& name : names_of(source)) ways.push_back(walk(name.path));
  return ways;
}

std::vector<WatchPoint> watch_points(settings::Source const& source) {
  return points_on(ways_to(source));
}

}  // namespace certpivot::source
