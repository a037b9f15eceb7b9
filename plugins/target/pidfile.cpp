#include "plugins/target/pidfile.hpp"

#include <array>
#include <charconv>
#include <fcntl.h>
#include <linux/magic.h>
#include <string_view>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/unique_fd.hpp"

namespace certpivot::plugins {

namespace {

constexpr auto what = "cannot use the pidfile";
constexpr std::size_t size_limit = 4096;

std::string_view first_line(std::string_view text) {
  auto line = text.substr(0, text.find('\n'));
  while (!line.empty() && (line.back() == ' ' || line.back() == '\r' || line.back() == '\t')) {
    line.remove_suffix(1);
  }
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  return line;
}

Result<::pid_t> parse_pid(std::string const& path, std::string_view text) {
  auto const line = first_line(text);
  if (line.empty()) {
    return fail(what, path, "it is empty",
                "the server is probably not running; start it (nginx -t leaves an empty one)");
  }
  ::pid_t pid = 0;
  auto const [end, failure] = std::from_chars(line.data(), line.data() + line.size(), pid);
  if (failure != std::errc() || end != line.data() + line.size() || pid <= 0) {
    return fail(what, path, "its first line is not a process number",
                "name the file that the server writes its process number to");
  }
  return pid;
}

WallTime to_wall_time(::timespec const& time) {
  return WallTime(std::chrono::seconds(time.tv_sec) + std::chrono::floor<std::chrono::milliseconds>(
                                                          std::chrono::nanoseconds(time.tv_nsec)));
}

}  // namespace

Result<Pidfile> read_pidfile(std::string const& path) {
  // Without O_NONBLOCK a FIFO of that name would keep us waiting.
  UniqueFd const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) {
    return fail_errno(what, path,
                      errno == ENOENT ? "the server is not running, or writes its pidfile elsewhere"
                                      : "let certpivot's user read it");
  }
  struct ::stat facts {};
  struct ::statfs storage {};
  if (::fstat(file.get(), &facts) != 0) return fail_errno(what, path);
  if (!S_ISREG(facts.st_mode))
    return fail(what, path, "it is not a regular file", "name a pidfile");
  if (::fstatfs(file.get(), &storage) != 0) return fail_errno(what, path);
  std::array<char, size_limit + 1> text{};
  auto const size = ::read(file.get(), text.data(), text.size());
  if (size < 0) return fail_errno(what, path);
  if (static_cast<std::size_t>(size) > size_limit) {
    return fail(what, path, "it is larger than 4096 bytes", "name a pidfile");
  }
  auto const pid = parse_pid(path, {text.data(), static_cast<std::size_t>(size)});
  if (!pid) return fail(pid.error());
  auto const in_memory = storage.f_type == TMPFS_MAGIC || storage.f_type == RAMFS_MAGIC;
  return Pidfile{*pid, to_wall_time(facts.st_mtim), in_memory};
}

}  // namespace certpivot::plugins
