#include "loop/workers.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace certpivot {

namespace {
// Long enough that a burst keeps its threads, short enough that an idle daemon has none.
constexpr std::chrono::seconds idle_limit{10};
}  // namespace

struct Workers::Shared {
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::function<void()>> jobs;
  std::size_t most = 0;
  std::size_t threads = 0;
  std::size_t idle = 0;
  bool stopping = false;

  static void serve(std::shared_ptr<Shared> const& self) {
    std::unique_lock lock(self->mutex);
    while (true) {
      ++self->idle;
      bool const woken = self->wake.wait_for(
          lock, idle_limit, [&] { return self->stopping || !self->jobs.empty(); });
      --self->idle;
      if (self->jobs.empty()) {
        if (woken && !self->stopping) continue;
        break;
      }
      auto job = std::move(self->jobs.front());
      self->jobs.pop_front();
      lock.unlock();
      job();
      job = nullptr;  // what the job holds is released before the next wait, and outside the lock
      lock.lock();
    }
    --self->threads;
  }
};

Workers::Workers(std::size_t most) : shared_(std::make_shared<Shared>()) { shared_->most = most; }

Workers::~Workers() {
  std::lock_guard const lock(shared_->mutex);
  shared_->stopping = true;
  shared_->jobs.clear();
  shared_->wake.notify_all();
}

void Workers::post(std::function<void()> job) {
  std::lock_guard const lock(shared_->mutex);
  shared_->jobs.push_back(std::move(job));
  if (shared_->jobs.size() > shared_->idle && shared_->threads < shared_->most) {
    try {
      std::thread(&Shared::serve, shared_).detach();
      ++shared_->threads;
    } catch (std::system_error const&) {
      // Out of threads: those that run take the job later. With none at all there is nobody to.
      if (shared_->threads == 0) throw;
    }
  }
  shared_->wake.notify_one();
}

bool Workers::busy() const {
  std::lock_guard const lock(shared_->mutex);
  return shared_->threads > shared_->idle;
}

}  // namespace certpivot
