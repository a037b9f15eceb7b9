#include "process/environment.hpp"

#include <array>
#include <cstdlib>
#include <map>

namespace certpivot::process {

namespace {

constexpr std::array kept = {"PATH", "LANG", "TZ", "HOME"};
constexpr auto usual_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

}  // namespace

Environment::Environment(std::vector<std::pair<std::string, std::string>> const& added) {
  std::map<std::string, std::string> all = {{"PATH", usual_path}};
  for (auto const* name : kept) {
    if (auto const* value = std::getenv(name)) all[name] = value;
  }
  for (auto const& [name, value] : added) all[name] = value;
  lines_.reserve(all.size());  // the pointers go to the lines, which must not move
  for (auto const& [name, value] : all) {
    pointers_.push_back(lines_.emplace_back(name + "=" + value).c_str());
  }
  pointers_.push_back(nullptr);
}

}  // namespace certpivot::process
