#include "loop/workers.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace certpivot {

namespace {

using Clock = std::chrono::steady_clock;
// Long enough that a burst keeps its threads, short enough that an idle daemon soon has none.
constexpr std::chrono::seconds idle_limit{5};
// A judgement takes a few milliseconds; what takes this long is waiting.
constexpr std::chrono::milliseconds waiting_after{100};
// The steps of a rollout follow each other by less than it takes to put a thread to sleep and wake
// it again.
constexpr std::chrono::microseconds next_step_within{200};
// How often a spare thread looks whether a job began to wait; only while others are queued.
constexpr std::chrono::milliseconds spare_looks{20};

}  // namespace

struct Workers::Shared : std::enable_shared_from_this<Workers::Shared> {
  struct Thread {
    std::thread handle = {};
    std::optional<Clock::time_point> works_since = {};
  };
  using Threads = std::list<Thread>;

  std::mutex mutex;
  Threads threads;
  std::condition_variable work_ended;  // for the destructor
  /// Threads that wait for a job. The last to come is the first to go: its caches are warm, and
  /// those that are never needed run out of time and end.
  std::list<std::condition_variable*> waiting;
  std::deque<std::function<void()>> jobs;
  std::size_t most = 0;
  std::size_t cores = 0;
  std::size_t idle = 0;   // threads that wait for a job, those that are just starting included
  std::size_t alert = 0;  // of these, those that look for the next step and need no waking
  bool stopping = false;

  [[nodiscard]] bool may_start() const {
    auto const since = Clock::now() - waiting_after;
    auto const computing = std::count_if(threads.begin(), threads.end(), [&](Thread const& thread) {
      return thread.works_since && *thread.works_since > since;
    });
    return static_cast<std::size_t>(computing) < cores;
  }

  // One thread more where there is work that no waiting thread will take. The caller has the mutex.
  void grow() {
    if (jobs.size() <= idle || threads.size() >= most) return;
    // One spare thread is enough while all cores compute: it looks whether a job began to wait.
    if (idle > 0 && !may_start()) return;
    auto const place = threads.emplace(threads.end());
    try {
      place->handle = std::thread([self = shared_from_this(), place] { self->serve(place); });
      ++idle;
    } catch (std::system_error const&) {
      threads.erase(place);
      // Out of threads: those that run take the job later. With none at all there is nobody to.
      if (threads.empty()) throw;
    }
  }

  void serve(Threads::iterator self) {
    std::unique_lock lock(mutex);
    std::condition_variable wake;
    auto idle_since = Clock::now();
    // A job that came just when the time was over is still this thread's: the poster counted on it.
    while (!stopping && (!jobs.empty() || Clock::now() - idle_since < idle_limit)) {
      if (jobs.empty()) {
        wait(lock, wake, idle_since + idle_limit);
      } else if (!may_start()) {
        wait(lock, wake, Clock::now() + spare_looks);
      } else {
        work(lock, *self);
        idle_since = Clock::now();
        if (cores > 1) await_next_step(lock);
      }
    }
    --idle;
    if (stopping) return;  // the destructor joins
    self->handle.detach();
    threads.erase(self);
  }

  // Keeps a core busy meanwhile, which the loop's thread must not need.
  void await_next_step(std::unique_lock<std::mutex>& lock) {
    ++alert;
    auto const until = Clock::now() + next_step_within;
    while (jobs.empty() && !stopping && Clock::now() < until) {
      lock.unlock();
      std::this_thread::yield();
      lock.lock();
    }
    --alert;
  }

  void wait(std::unique_lock<std::mutex>& lock, std::condition_variable& wake,
            Clock::time_point until) {
    waiting.push_back(&wake);
    wake.wait_until(lock, until);
    waiting.remove(&wake);  // where nobody but the time woke it
  }

  // Each call wakes another thread, hence the removal. The caller has the mutex.
  void wake_one() {
    if (waiting.empty() || jobs.size() <= alert) return;
    waiting.back()->notify_one();
    waiting.pop_back();
  }

  void work(std::unique_lock<std::mutex>& lock, Thread& self) {
    auto job = std::move(jobs.front());
    jobs.pop_front();
    --idle;
    self.works_since = Clock::now();
    grow();
    lock.unlock();
    job();
    job = nullptr;  // what the job holds is released before the next wait, and outside the lock
    lock.lock();
    ++idle;
    self.works_since.reset();
    if (stopping) work_ended.notify_one();
  }
};

Workers::Workers(std::size_t most, std::size_t cores) : shared_(std::make_shared<Shared>()) {
  shared_->most = most;
  shared_->cores = cores != 0 ? cores : std::max(1U, std::thread::hardware_concurrency());
}

Workers::~Workers() {
  std::deque<std::function<void()>> dropped;
  Shared::Threads ended;
  std::unique_lock lock(shared_->mutex);
  shared_->stopping = true;
  dropped.swap(shared_->jobs);
  for (auto* const wake : shared_->waiting) wake->notify_one();
  shared_->work_ended.wait_for(lock, waiting_after, [this] {
    return std::none_of(shared_->threads.begin(), shared_->threads.end(),
                        [](Shared::Thread const& thread) { return thread.works_since; });
  });
  for (auto thread = shared_->threads.begin(); thread != shared_->threads.end();) {
    auto const next = std::next(thread);
    if (thread->works_since)
      thread->handle.detach();  // it waits for something that may never come
    else
      ended.splice(ended.end(), shared_->threads, thread);
    thread = next;
  }
  lock.unlock();
  for (auto& thread : ended) thread.handle.join();
}

void Workers::post(std::function<void()> job) {
  std::lock_guard const lock(shared_->mutex);
  shared_->jobs.push_back(std::move(job));
  shared_->grow();
  shared_->wake_one();
}

bool Workers::busy() const {
  std::lock_guard const lock(shared_->mutex);
  auto const since = Clock::now() - waiting_after;
  return std::any_of(shared_->threads.begin(), shared_->threads.end(),
                     [&](Shared::Thread const& thread) {
                       return thread.works_since && *thread.works_since <= since;
                     });
}

}  // namespace certpivot
