#include "source/inotify.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sys/inotify.h>
#include <utility>

namespace certpivot::source {

namespace {

std::string name_in(std::span<std::byte const> padded) {
  std::string name(padded.size(), '\0');
  if (!padded.empty()) std::memcpy(name.data(), padded.data(), padded.size());
  name.resize(std::strlen(name.c_str()));  // the kernel pads with zero bytes
  return name;
}

}  // namespace

Changes parse_changes(std::span<std::byte const> buffer) {
  std::vector<Change> changes;
  while (!buffer.empty()) {
    struct ::inotify_event event {};
    if (buffer.size() < sizeof event) return Overflowed{};
    std::memcpy(&event, buffer.data(), sizeof event);
    buffer = buffer.subspan(sizeof event);
    if (event.len > buffer.size() || (event.mask & IN_Q_OVERFLOW) != 0) return Overflowed{};
    changes.push_back({event.wd, event.mask, name_in(buffer.first(event.len))});
    buffer = buffer.subspan(event.len);
  }
  return changes;
}

Result<Inotify> Inotify::create() {
  UniqueFd fd{::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
  if (fd.valid()) return Inotify(std::move(fd));
  int const cause = errno;
  if (cause != EMFILE) return fail_errno("cannot start inotify", {}, {}, cause);
  return fail_errno(
      "cannot start inotify", {},
      "this user has all inotify instances that fs.inotify.max_user_instances = " +
          inotify_limit("max_user_instances") +
          " allows, or this process all open files that it may have; raise the limit, for example "
          "with 'sysctl -w fs.inotify.max_user_instances=1024'",
      cause);
}

Result<int> Inotify::add(int directory, std::string const& path, std::uint32_t mask) {
  auto const by_descriptor = "/proc/self/fd/" + std::to_string(directory);
  int const watch = ::inotify_add_watch(fd_.get(), by_descriptor.c_str(), mask | IN_ONLYDIR);
  if (watch >= 0) return watch;
  int const cause = errno;
  if (cause == ENOSPC)
    return fail_errno("cannot watch", path,
                      "this user has all inotify watches that fs.inotify.max_user_watches = " +
                          inotify_limit("max_user_watches") +
                          " allows; raise it, for example with 'sysctl -w "
                          "fs.inotify.max_user_watches=524288'",
                      cause);
  if (cause == ENOENT) return fail_errno("cannot watch", path, "mount /proc", cause);
  return fail_errno("cannot watch", path, {}, cause);
}

void Inotify::remove(int watch) { (void)::inotify_rm_watch(fd_.get(), watch); }

Result<Changes> Inotify::take() {
  alignas(struct ::inotify_event) std::array<std::byte, 65536> buffer{};
  auto const size = ::read(fd_.get(), buffer.data(), buffer.size());
  if (size >= 0) return parse_changes(std::span(buffer).first(static_cast<std::size_t>(size)));
  if (errno == EAGAIN || errno == EINTR) return Changes{};
  return fail_errno("cannot read inotify events");
}

std::string inotify_limit(std::string const& name) {
  std::ifstream file("/proc/sys/fs/inotify/" + name);
  std::string value;
  return file >> value ? value : "unknown";
}

}  // namespace certpivot::source
