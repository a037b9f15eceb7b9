#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "publish/directory.hpp"
#include "support/temp_directory.hpp"

namespace certpivot::testing {

/// A publish directory below a temporary one, not made yet.
struct Published {
  Published() { settings.directory = (temporary / "web").string(); }
  [[nodiscard]] std::unique_ptr<publish::Target> open() const {
    return publish::make_directory(settings);
  }
  [[nodiscard]] std::filesystem::path at(std::string const& name) const {
    return std::filesystem::path(settings.directory) / name;
  }

  TempDirectory temporary = {};
  settings::Publish settings = {};
};

inline publish::Content content(std::string_view version) { return {version, version, version}; }

/// Descriptors that this process has open.
inline std::size_t open_descriptors() {
  std::size_t count = 0;
  for (auto const& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    (void)entry;
    ++count;
  }
  return count;
}

/// Everything below a directory, relative, in order, as one text.
[[nodiscard]] std::string tree(std::filesystem::path const& directory);

}  // namespace certpivot::testing
