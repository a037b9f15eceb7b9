#pragma once

#include <functional>
#include <string>
#include <sys/types.h>

/// Real processes to signal, for the tests of this folder.
namespace certpivot::testing {

/// A child of the test that runs `body` after a fork, without an exec, and ends with what it
/// returns. The constructor waits until `body` has called ready(). Killed and waited for at the
/// end.
class TestProcess {
 public:
  using Ready = std::function<void()>;
  explicit TestProcess(std::function<int(Ready const& ready)> const& body);
  TestProcess(TestProcess const&) = delete;
  TestProcess& operator=(TestProcess const&) = delete;
  TestProcess(TestProcess&&) = delete;
  TestProcess& operator=(TestProcess&&) = delete;
  ~TestProcess();

  [[nodiscard]] ::pid_t pid() const { return pid_; }
  [[nodiscard]] std::string text() const { return std::to_string(pid_) + "\n"; }
  /// Waits until it has ended and leaves the zombie.
  void becomes_zombie() const;
  /// Its status as waitpid(2) has it.
  [[nodiscard]] int wait();

 private:
  ::pid_t pid_ = -1;
};

/// Sleeps until a signal ends it; `prepare` runs first.
[[nodiscard]] std::function<int(TestProcess::Ready const&)> sleeping(std::function<void()> prepare =
                                                                         [] {});

}  // namespace certpivot::testing
