#include "source/version.hpp"

#include <sys/stat.h>

namespace certpivot::source {

std::string version_of(std::string const& path) {
  struct ::stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return {};
  std::string version;
  for (auto const part :
       {static_cast<long long>(facts.st_dev), static_cast<long long>(facts.st_ino),
        static_cast<long long>(facts.st_size), static_cast<long long>(facts.st_mtim.tv_sec),
        static_cast<long long>(facts.st_mtim.tv_nsec), static_cast<long long>(facts.st_ctim.tv_sec),
        static_cast<long long>(facts.st_ctim.tv_nsec)})
    version += std::to_string(part) + ":";
  return version;
}

}  // namespace certpivot::source
