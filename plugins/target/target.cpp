#include "plugins/target/target.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <map>
#include <poll.h>
#include <pwd.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include "base/units.hpp"
#include "base/words.hpp"
#include "plugins/target/pidfile.hpp"
#include "plugins/target/proc.hpp"

namespace certpivot::plugins {

namespace {

/// A server starts before it writes its pidfile; the slack is for clocks that are set in small
/// steps.
constexpr auto clock_slack = std::chrono::seconds(10);

bool ends_by_intention(int signal) {
  return signal == SIGTERM || signal == SIGINT || signal == SIGQUIT || signal == SIGKILL;
}

/// What the kernel does where nobody has said otherwise (signal(7)).
bool harmless_by_default(int signal) {
  constexpr std::array harmless = {SIGCHLD, SIGCONT, SIGURG,  SIGWINCH,
                                   SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};
  return std::find(harmless.begin(), harmless.end(), signal) != harmless.end();
}

bool has(std::uint64_t mask, int signal) {
  return ((mask >> static_cast<unsigned>(signal - 1)) & 1U) != 0;
}

std::string process_text(::pid_t pid) { return "process " + std::to_string(pid); }

std::string user_text(::uid_t user) {
  ::passwd entry{};
  ::passwd* found = nullptr;
  std::array<char, 4096> space{};
  ::getpwuid_r(user, &entry, space.data(), space.size(), &found);
  auto const number = std::to_string(user);
  return found == nullptr ? "user " + number : std::string(found->pw_name) + " (" + number + ")";
}

Error stale(std::string const& pidfile, ::pid_t pid) {
  return {"stale pidfile",
          pidfile,
          "there is no " + process_text(pid),
          "the server has died or was stopped; start it",
          {ESRCH, std::generic_category()}};
}

Error zombie(::pid_t pid) {
  return {process_text(pid) + " has died",
          {},
          "it is a zombie: it has ended and its parent has not taken notice",
          "start the server again",
          {}};
}

/// True where a process with this start cannot have written the pidfile.
bool recycled(Pidfile const& file, ProcessStat const& stat) {
  // A file in memory that seems older than the machine's start only shows that the clock was set
  // after it was written, as on boards without a battery: the times cannot be compared then.
  if (file.volatile_storage && file.written < booted_at()) return false;
  return started_at(stat) > file.written + clock_slack;
}

Error another(std::string const& pidfile, Pidfile const& file, ProcessStat const& stat) {
  return {"stale pidfile",
          pidfile,
          process_text(file.pid) + " is another one by now: it started " +
              to_rfc3339_seconds(started_at(stat)) + ", the pidfile was written " +
              to_rfc3339_seconds(file.written),
          "the server has died; start it again",
          {}};
}

Error several(std::string const& executable, std::vector<::pid_t> const& pids) {
  std::vector<std::string> numbers;
  numbers.reserve(pids.size());
  for (::pid_t const pid : pids) numbers.push_back(std::to_string(pid));
  return {"there are several processes of",
          executable,
          joined(numbers) + ", and none of them started the others",
          "tell by pidfile which one is meant",
          {}};
}

}  // namespace

Result<Target> Target::open(std::string const& pidfile) {
  Pidfile file{1, WallTime::max() - clock_slack,
               false};  // process 1 has no file that could be stale
  if (pidfile != process_one) {
    auto const read = read_pidfile(pidfile);
    if (!read) return fail(read.error());
    file = *read;
    if (file.pid == 1) {
      return fail("will not signal process 1", pidfile,
                  "that is the init of the machine or of the container",
                  "where it is the server itself, say so: pidfile = \"pid:1\"");
    }
  }
  UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, file.pid, 0)));
  if (!handle.valid() && errno == ESRCH) return fail(stale(pidfile, file.pid));
  if (!handle.valid()) return fail_errno("cannot get hold of", process_text(file.pid));
  Target target(file.pid, std::move(handle));
  auto const stat = read_stat(file.pid);
  if (auto const runs = target.runs(stat); !runs) return fail(runs.error());
  if (recycled(file, *stat)) return fail(another(pidfile, file, *stat));
  return target;
}

Result<Target> Target::hold(::pid_t pid) {
  UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!handle.valid()) return fail_errno("cannot get hold of", process_text(pid));
  Target target(pid, std::move(handle));
  if (auto const runs = target.still_runs(); !runs) return fail(runs.error());
  return target;
}

Result<Target> Target::running(std::string const& executable) {
  std::map<::pid_t, ::pid_t> found;  // with their parents
  for (::pid_t const pid : processes()) {
    if (pid == ::getpid() || executable_of(pid) != executable) continue;
    auto const stat = read_stat(pid);
    if (stat && stat->state != 'Z') found.emplace(pid, stat->parent);
  }
  std::vector<::pid_t> first;
  for (auto const& [pid, parent] : found)
    if (!found.contains(parent)) first.push_back(pid);
  if (first.empty())
    return fail(
        "there is no process of", executable, "no program of that name runs here",
        "start the server; one in another container is seen with a shared process namespace "
        "only");
  if (first.size() > 1) return fail(several(executable, first));
  auto target = hold(first.front());
  if (!target) return target;
  // Its number may have gone to another one before it was held.
  if (executable_of(first.front()) != executable)
    return fail(process_text(first.front()) + " has died", {}, {}, "start the server again");
  return target;
}

Result<Target::Reaction> Target::check(int signal) const {
  if (auto const may = deliver(0); !may) return fail(may.error());
  auto const status = read_status(pid_);
  if (!status) return fail(status.error());
  if (has(status->caught | status->blocked, signal)) return Reaction::some;
  if (has(status->ignored, signal)) return Reaction::none;
  if (ends_by_intention(signal)) return Reaction::some;
  if (harmless_by_default(signal)) return Reaction::none;
  std::string const name = ::sigabbrev_np(signal);
  return fail("will not send " + name + " to", process_text(pid_),
              "it has no handler for " + name + ", so the signal would end it",
              "name the signal that makes this server reload");
}

Result<Target::Reaction> Target::send(int signal) const {
  auto reaction = check(signal);
  if (!reaction) return reaction;
  if (auto const sent = deliver(signal); !sent) return fail(sent.error());
  return reaction;
}

Result<void> Target::still_runs() const { return runs(read_stat(pid_)); }

Result<void> Target::runs(Result<ProcessStat> const& stat) const {
  ::pollfd state{handle_.get(), POLLIN, 0};
  // A pidfd becomes readable when its process ends: had it ended, `stat` would tell of some other
  // one.
  auto const ended = ::poll(&state, 1, 0) != 0;
  if (stat && stat->state == 'Z') return fail(zombie(pid_));
  if (ended) return fail(process_text(pid_) + " has died", {}, {}, "start the server again");
  if (!stat) return fail(stat.error());
  return {};
}

Result<void> Target::deliver(int signal) const {
  if (::syscall(SYS_pidfd_send_signal, handle_.get(), signal, nullptr, 0) == 0) return {};
  if (errno == ESRCH) {
    return fail(process_text(pid_) + " has died", {}, {}, "start the server again");
  }
  if (errno != EPERM) return fail_errno("cannot signal", process_text(pid_));
  auto const status = read_status(pid_);
  auto const owner = status ? user_text(status->user) : "another user";
  return fail_errno("may not signal", process_text(pid_),
                    "it runs as " + owner + ", certpivot as " + user_text(::geteuid()) +
                        "; run certpivot as the same user or as root, or give it CAP_KILL",
                    EPERM);
}

int signal_number(std::string const& name) {
  auto const bare = name.rfind("SIG", 0) == 0 ? name.substr(3) : name;
  for (auto number = 1; number < NSIG; ++number) {
    auto const* short_name = ::sigabbrev_np(number);
    if (short_name != nullptr && bare == short_name) return number;
  }
  return 0;
}

}  // namespace certpivot::plugins
