#pragma once

#include <functional>
#include <memory>

namespace certpivot {

/// Threads for what may block: source files, publish directories, parsing, the database. The loop
/// itself never touches a disk, so that one slow disk delays only the certificates on it.
///
/// As many jobs run at once as there are cores, because most of them compute. A job that has run
/// for longer than 100 ms waits for something instead (a slow disk, a mount that never answers) and
/// no longer counts, so that another may start: a pool of fixed size, such as Boost.Asio's, would
/// stand still for everybody once enough mounts hang. A thread without work ends after some
/// seconds; an idle daemon has none.
///
/// The destructor lets jobs under way end for 100 ms. Threads that hang are left behind; they own
/// nothing but their job.
class Workers {
 public:
  /// `most` bounds the threads, the hanging ones included; 0 for `cores` stands for the machine's.
  explicit Workers(std::size_t most = 64, std::size_t cores = 0);
  Workers(Workers const&) = delete;
  Workers& operator=(Workers const&) = delete;
  Workers(Workers&&) = delete;
  Workers& operator=(Workers&&) = delete;
  ~Workers();

  /// Runs `job` on some thread, soon. Callable from any thread. `job` must not throw.
  void post(std::function<void()> job);

  /// Whether a job has been running for so long that it must be waiting for something.
  [[nodiscard]] bool busy() const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace certpivot
