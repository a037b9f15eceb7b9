#pragma once

#include <sys/types.h>

namespace certpivot::process {

/// The process group of a child that nobody has waited for yet. That is what makes signalling safe:
/// as long as the child is a running process or a zombie of ours, the kernel gives its number to no
/// other process and no other group. The destructor ends a group that was not reaped.
class Group {
 public:
  explicit Group(::pid_t leader);
  Group(Group&& other) noexcept;
  Group& operator=(Group&&) = delete;
  Group(Group const&) = delete;
  Group& operator=(Group const&) = delete;
  ~Group();

  /// To every process of the group.
  void send(int signal) const;
  /// Waits for the leader, which must have ended, and gives its number back to the kernel. The
  /// status as waitpid(2) has it; -1 where somebody else has waited for it.
  [[nodiscard]] int reap();

 private:
  ::pid_t leader_;
};

}  // namespace certpivot::process
