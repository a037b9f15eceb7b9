#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

/// What proc(5) tells about processes: numbers that may be recycled between two calls, so a caller
/// that must be sure holds a pidfd meanwhile (target.hpp).
namespace certpivot::plugins {

/// From /proc/<pid>/stat.
struct ProcessStat {
  char state = '?';  ///< 'Z' for a zombie
  ::pid_t parent = 0;
  std::uint64_t start = 0;  ///< clock ticks since boot
  bool operator==(ProcessStat const&) const = default;
};

/// From /proc/<pid>/status: who runs it, and what it does with signals. Bit n - 1 stands for signal
/// n.
struct ProcessStatus {
  ::uid_t user = 0;  ///< effective
  std::uint64_t caught = 0;
  std::uint64_t ignored = 0;
  std::uint64_t blocked =
      0;  ///< in the first thread; a program that uses signalfd(2) has it blocked
};

/// The text of the files. Nothing where it is not what proc(5) says.
[[nodiscard]] std::optional<ProcessStat> parse_stat(std::string_view text);
[[nodiscard]] std::optional<ProcessStatus> parse_status(std::string_view text);

[[nodiscard]] Result<ProcessStat> read_stat(::pid_t pid);
[[nodiscard]] Result<ProcessStatus> read_status(::pid_t pid);

/// When the process started, by the wall clock as it is set now.
[[nodiscard]] WallTime started_at(ProcessStat const& stat);
/// When the machine started, by the wall clock as it is set now.
[[nodiscard]] WallTime booted_at();

/// The numbers of all processes that /proc shows.
[[nodiscard]] std::vector<::pid_t> processes();

/// The file name of the program that a process runs; where /proc/<pid>/exe may not be read, which
/// is another user's, the name that it gives itself, at most 15 bytes. Empty where it has ended.
[[nodiscard]] std::string executable_of(::pid_t pid);

/// The living children of `parent`, by number and start. Reads all of /proc, because
/// /proc/<pid>/task/<tid>/children exists only in kernels built for checkpointing.
[[nodiscard]] std::set<std::pair<::pid_t, std::uint64_t>> children_of(::pid_t parent);

/// Whether the process is in this group of systemd's, "/system.slice/web.service", or in one below
/// it, as /proc/<pid>/cgroup has it; a container's view of it may have more in front.
[[nodiscard]] bool is_in_cgroup(::pid_t pid, std::string_view group);

/// /proc/<pid>/cmdline up to its first zero byte: what programs such as nginx say that they are
/// doing. Empty where it cannot be read.
[[nodiscard]] std::string title_of(::pid_t pid);

}  // namespace certpivot::plugins
