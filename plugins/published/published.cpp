#include "plugins/published/published.hpp"

#include <fcntl.h>
#include <system_error>

#include "base/whole_file.hpp"

namespace certpivot::plugins {

namespace {

constexpr std::size_t largest_file = std::size_t{4} * 1024 * 1024;

/// Where a name leads in the end; empty where it leads nowhere.
std::filesystem::path end_of(std::string const& name) {
  std::error_code failure;
  return std::filesystem::canonical(name, failure);
}

}  // namespace

Result<Published> Published::open(event::Paths const& paths) {
  auto where = end_of(paths.certificate).parent_path();
  UniqueFd directory(::open(where.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!directory.valid()) return fail_errno("cannot open the directory of", paths.certificate);
  return Published(paths, std::move(where), std::move(directory));
}

bool Published::holds(std::string const& name) const {
  if (!name.starts_with('/')) return false;
  auto const end = end_of(name);
  return end == where_ || end.parent_path() == where_;
}

Result<Secret> Published::read(std::string const& name) const {
  auto const base = end_of(name).filename();
  UniqueFd const file(
      ::openat(directory_.get(), base.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file.valid()) return fail_errno("cannot read", name);
  return read_whole(file, largest_file, "cannot read", name);
}

Result<Secret> Published::key() const {
  if (paths_.key == paths_.certificate) return Secret();
  return read(paths_.key);
}

}  // namespace certpivot::plugins
