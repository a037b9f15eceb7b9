#include "plugins/target/proc.hpp"

#include <array>
#include <charconv>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <string>
#include <unistd.h>

#include <climits>

#include "base/unique_fd.hpp"

namespace certpivot::plugins {

namespace {

template <class Number>
std::optional<Number> number(std::string_view text, int base = 10) {
  Number value{};
  auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The word number `index`, counted from 0, of words parted by blanks and tabs.
std::string_view word(std::string_view text, std::size_t index) {
  constexpr std::string_view blank = " \t\n";
  while (true) {
    auto const from = text.find_first_not_of(blank);
    if (from == std::string_view::npos) return {};
    text.remove_prefix(from);
    auto const size = text.find_first_of(blank);
    if (index == 0) return text.substr(0, size);
    if (size == std::string_view::npos) return {};
    text.remove_prefix(size);
    --index;
  }
}

/// What stands behind "name:" in a line of its own, or nothing.
std::string_view line_of(std::string_view text, std::string_view name) {
  auto const key = "\n" + std::string(name) + ":";
  auto const at = text.find(key);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + key.size());
  return text.substr(0, text.find('\n'));
}

Result<std::string> read_process_file(::pid_t pid, std::string const& name) {
  auto const path = "/proc/" + std::to_string(pid) + "/" + name;
  constexpr auto remedy = "where it is there but hidden, /proc is mounted with hidepid";
  UniqueFd const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return fail_errno("cannot read", path, remedy);
  std::array<char, 8192> text{};  // the kernel writes either file in one piece, and shorter
  auto const size = ::read(file.get(), text.data(), text.size());
  if (size < 0) return fail_errno("cannot read", path, remedy);
  return std::string(text.data(), static_cast<std::size_t>(size));
}

WallTime since_boot(std::chrono::nanoseconds since) {
  ::timespec up{};
  ::clock_gettime(CLOCK_BOOTTIME, &up);
  auto const age = std::chrono::seconds(up.tv_sec) + std::chrono::nanoseconds(up.tv_nsec) - since;
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now() - age);
}

}  // namespace

std::optional<ProcessStat> parse_stat(std::string_view text) {
  // The name in brackets may hold anything, brackets too; the last one ends it (proc(5)).
  auto const bracket = text.rfind(')');
  if (bracket == std::string_view::npos) return std::nullopt;
  text.remove_prefix(bracket + 1);
  auto const state = word(text, 0);
  auto const parent = number<::pid_t>(word(text, 1));
  auto const start = number<std::uint64_t>(word(text, 19));  // field 22, counted from field 3
  if (state.size() != 1 || !parent || !start) return std::nullopt;
  return ProcessStat{state.front(), *parent, *start};
}

std::optional<ProcessStatus> parse_status(std::string_view text) {
  auto const user = number<::uid_t>(word(line_of(text, "Uid"), 1));
  auto const mask = [&](std::string_view name) {
    return number<std::uint64_t>(word(line_of(text, name), 0), 16);
  };
  auto const caught = mask("SigCgt");
  auto const ignored = mask("SigIgn");
  auto const blocked = mask("SigBlk");
  if (!user || !caught || !ignored || !blocked) return std::nullopt;
  return ProcessStatus{*user, *caught, *ignored, *blocked};
}

Result<ProcessStat> read_stat(::pid_t pid) {
  auto const text = read_process_file(pid, "stat");
  if (!text) return fail(text.error());
  if (auto const stat = parse_stat(*text)) return *stat;
  return fail("cannot understand /proc/<pid>/stat of process", std::to_string(pid));
}

Result<ProcessStatus> read_status(::pid_t pid) {
  auto const text = read_process_file(pid, "status");
  if (!text) return fail(text.error());
  if (auto const status = parse_status(*text)) return *status;
  return fail("cannot understand /proc/<pid>/status of process", std::to_string(pid));
}

WallTime started_at(ProcessStat const& stat) {
  auto const ticks = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  return since_boot(std::chrono::nanoseconds(stat.start * (1'000'000'000 / ticks)));
}

WallTime booted_at() { return since_boot(std::chrono::nanoseconds(0)); }

std::vector<::pid_t> processes() {
  std::vector<::pid_t> all;
  auto const close = [](::DIR* directory) { ::closedir(directory); };
  std::unique_ptr<::DIR, decltype(close)> const directory(::opendir("/proc"), close);
  if (!directory) return all;
  while (auto const* entry = ::readdir(directory.get()))
    if (auto const pid = number<::pid_t>(static_cast<char const*>(entry->d_name)))
      all.push_back(*pid);
  return all;
}

std::set<std::pair<::pid_t, std::uint64_t>> children_of(::pid_t parent) {
  std::set<std::pair<::pid_t, std::uint64_t>> children;
  for (::pid_t const pid : processes()) {
    auto const stat = read_stat(pid);  // it may have ended meanwhile: then it is no child either
    if (stat && stat->parent == parent && stat->state != 'Z') children.emplace(pid, stat->start);
  }
  return children;
}

std::string executable_of(::pid_t pid) {
  constexpr std::string_view replaced = " (deleted)";  // by an upgrade, proc(5)
  std::array<char, PATH_MAX> target{};
  std::string const link = "/proc/" + std::to_string(pid) + "/exe";
  auto const size = ::readlink(link.c_str(), target.data(), target.size());
  if (size > 0) {
    std::string_view path(target.data(), static_cast<std::size_t>(size));
    if (path.ends_with(replaced)) path.remove_suffix(replaced.size());
    return std::string(path.substr(path.rfind('/') + 1));
  }
  auto const name = read_process_file(pid, "comm");
  return name ? name->substr(0, name->find('\n')) : std::string();
}

bool is_in_cgroup(::pid_t pid, std::string_view group) {
  auto const text = read_process_file(pid, "cgroup");
  if (!text) return false;
  for (std::size_t at = 0; (at = text->find(group, at)) != std::string::npos; ++at) {
    auto const end = at + group.size();
    if (end == text->size() || (*text)[end] == '\n' || (*text)[end] == '/') return true;
  }
  return false;
}

std::string title_of(::pid_t pid) {
  auto const text = read_process_file(pid, "cmdline");
  return text ? text->substr(0, text->find('\0')) : std::string();
}

}  // namespace certpivot::plugins
