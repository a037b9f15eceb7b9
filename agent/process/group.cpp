#include "process/group.hpp"

#include <cerrno>
#include <csignal>
#include <mutex>
#include <set>
#include <sys/wait.h>
#include <utility>

#include "process/child.hpp"

namespace certpivot::process {

namespace {

/// Every group in hand, for kill_all(). A number leaves before its leader is waited for, under the
/// lock, so that kill_all() never hits a number that is somebody else's by then.
struct InHand {
  std::mutex lock;
  std::set<::pid_t> leaders;
};

InHand& in_hand() {
  static InHand all;
  return all;
}

void forget(::pid_t leader) {
  std::lock_guard const hold(in_hand().lock);
  in_hand().leaders.erase(leader);
}

}  // namespace

Group::Group(::pid_t leader) : leader_(leader) {
  std::lock_guard const hold(in_hand().lock);
  in_hand().leaders.insert(leader);
}

Group::Group(Group&& other) noexcept : leader_(std::exchange(other.leader_, -1)) {}

Group::~Group() {
  if (leader_ < 0) return;
  send(SIGKILL);
  forget(leader_);
  // Without waiting: a process that hangs in the kernel would keep the daemon from leaving.
  ::waitpid(leader_, nullptr, WNOHANG);
}

void Group::send(int signal) const {
  if (leader_ > 0) ::kill(-leader_, signal);
}

int Group::reap() {
  auto const leader = std::exchange(leader_, -1);
  forget(leader);
  auto status = -1;
  while (::waitpid(leader, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return status;
}

void kill_all() {
  std::lock_guard const hold(in_hand().lock);
  for (auto const leader : in_hand().leaders) ::kill(-leader, SIGKILL);
}

}  // namespace certpivot::process
