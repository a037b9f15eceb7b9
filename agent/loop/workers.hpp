#pragma once

#include <functional>
#include <memory>

namespace certpivot {

/// Threads for what may block: source files, publish directories, parsing, the database. The loop
/// itself never touches a disk, so that one slow disk delays only the certificates on it.
///
/// The pool grows while every thread is busy, up to `most`, because a mount that never answers keeps
/// its thread for ever; a fixed pool would then stand still for everybody. A thread that had nothing
/// to do for a while ends. Boost.Asio's thread_pool has a fixed size, hence this class.
///
/// Threads that hang are left behind by the destructor; they own nothing but their job.
class Workers {
 public:
  explicit Workers(std::size_t most = 64);
  Workers(Workers const&) = delete;
  Workers& operator=(Workers const&) = delete;
  Workers(Workers&&) = delete;
  Workers& operator=(Workers&&) = delete;
  ~Workers();

  /// Runs `job` on some thread, soon. Callable from any thread. `job` must not throw.
  void post(std::function<void()> job);

  /// True when a job has been running for longer than the process may wait: see main.
  [[nodiscard]] bool busy() const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace certpivot
