#include "unit/publish/published.hpp"

#include <algorithm>
#include <vector>

namespace certpivot::testing {

std::string tree(std::filesystem::path const& directory) {
  std::vector<std::string> names;
  for (auto const& entry : std::filesystem::recursive_directory_iterator(directory))
    names.push_back(entry.path().lexically_relative(directory).string());
  std::sort(names.begin(), names.end());
  std::string all;
  for (std::string const& name : names) all += name + " ";
  return all;
}

}  // namespace certpivot::testing
