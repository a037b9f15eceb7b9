#include "source/walk.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <linux/stat.h>
#include <string_view>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <climits>

namespace certpivot::source {

namespace {

constexpr int most_links = 40;  // MAXSYMLINKS of the kernel

/// Puts the components of `path` on top of those still to come; the next one is at the back.
void put_first(std::vector<std::string>& coming, std::string_view path) {
  while (!path.empty()) {
    auto const slash = path.rfind('/');
    auto const name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    if (!name.empty() && name != ".") coming.emplace_back(name);
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
  }
}

/// The directory above one that has no links in its path.
std::string parent_of(std::string const& directory) {
  auto const slash = directory.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : directory.substr(0, slash);
}

Step look_up(std::string const& directory, std::string const& name) {
  Step step{.directory = directory, .name = name};
  struct ::statx facts {};
  auto const path = step.path();
  if (::statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
              STATX_TYPE | STATX_NLINK | STATX_INO, &facts) != 0) {
    step.error = errno;
    return step;
  }
  step.type = facts.stx_mode & S_IFMT;
  step.inode = {makedev(facts.stx_dev_major, facts.stx_dev_minor), facts.stx_ino};
  step.links = facts.stx_nlink;
  step.mount_root = (facts.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
  if (!S_ISLNK(step.type)) return step;
  std::array<char, PATH_MAX> target{};
  auto const size = ::readlink(path.c_str(), target.data(), target.size());
  if (size < 0)
    step.error = errno;
  else
    step.link_target.assign(target.data(), static_cast<std::size_t>(size));
  return step;
}

}  // namespace

std::string Step::path() const {
  return directory == "/" ? directory + name : directory + "/" + name;
}

Step const& Lookups::of(std::string const& directory, std::string const& name) {
  auto const [place, fresh] = known_.try_emplace({directory, name});
  if (fresh) place->second = look_up(directory, name);
  return place->second;
}

void Lookups::forget(std::string const& directory) {
  std::erase_if(known_, [&](auto const& entry) { return entry.first.first == directory; });
}

Walk walk(std::string const& path) {
  Lookups lookups;
  return walk(path, lookups);
}

Walk walk(std::string const& path, Lookups& lookups) {
  Walk way;
  std::vector<std::string> coming;
  put_first(coming, path);
  std::string here = "/";
  int links = 0;
  while (!coming.empty()) {
    auto const name = std::move(coming.back());
    coming.pop_back();
    if (name == "..") {
      here = parent_of(here);
      continue;
    }
    auto const& step = way.steps.emplace_back(lookups.of(here, name));
    if (S_ISLNK(step.type) && step.error == 0) {
      if (++links > most_links) way.error = ELOOP;
      put_first(coming, step.link_target);
      if (step.link_target.starts_with('/')) here = "/";
    } else if (S_ISDIR(step.type)) {
      here = step.path();
    } else {
      way.error = step.error != 0 || coming.empty() ? step.error : ENOTDIR;
      break;
    }
    if (way.error != 0) break;
  }
  way.to_the_end = coming.empty();
  return way;
}

}  // namespace certpivot::source
