#include "loop/workers.hpp"

#include <atomic>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "base/result.hpp"
#include "loop/on_worker.hpp"
#include "support/run_task.hpp"

using namespace certpivot;

TEST_CASE("every job is run") {
  Workers workers;
  std::atomic<int> ran = 0;
  std::promise<void> all;
  for (int i = 0; i < 1'000; ++i)
    workers.post([&] {
      if (++ran == 1'000) all.set_value();
    });
  CHECK(all.get_future().wait_for(std::chrono::seconds(30)) == std::future_status::ready);
}

TEST_CASE("jobs that hang do not keep others from running") {
  Workers workers(16, 2);
  std::promise<void> release;
  auto const released = release.get_future().share();
  for (int i = 0; i < 10; ++i) workers.post([released] { released.wait(); });
  std::promise<void> reached;
  workers.post([&] { reached.set_value(); });
  CHECK(reached.get_future().wait_for(std::chrono::seconds(30)) == std::future_status::ready);
  CHECK(workers.busy());
  release.set_value();
}

TEST_CASE("the threads end with their owner, all but one that hangs") {
  auto const threads = [] {
    std::filesystem::directory_iterator const all("/proc/self/task");
    return std::distance(begin(all), end(all));
  };
  std::thread([] {}).join();  // a sanitizer starts a thread of its own with the first
  auto const before = threads();
  std::promise<void> release;
  std::promise<void> ended;
  {
    Workers workers;
    std::promise<void> hangs;
    workers.post([&hangs, &ended, released = release.get_future().share()] {
      hangs.set_value();
      released.wait();
      ended.set_value();
    });
    hangs.get_future().wait();
    for (int i = 0; i < 20; ++i) {
      std::promise<void> done;
      workers.post([&done] { done.set_value(); });
      done.get_future().wait();
    }
  }
  CHECK(threads() == before + 1);
  release.set_value();
  ended.get_future().wait();
}

TEST_CASE("no more jobs compute at once than there are cores") {
  Workers workers(16, 2);
  std::atomic<int> at_once = 0;
  std::atomic<int> most = 0;
  std::atomic<int> left = 200;
  std::promise<void> all;
  for (int i = 0; i < 200; ++i)
    workers.post([&] {
      int const now = ++at_once;
      for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
      }
      --at_once;
      if (--left == 0) all.set_value();
    });
  all.get_future().wait();
  CHECK(most <= 2);
}

TEST_CASE("a worker's answer and its exception both reach the loop") {
  Workers workers;
  auto const answer = [](Workers& pool) -> Task<int> {
    co_return co_await on_worker(pool, [] { return 42; });
  };
  CHECK(testing::run_task(answer(workers)) == 42);
  auto const thrower = [](Workers& pool) -> Task<int> {
    co_return co_await on_worker(pool, []() -> int { throw std::runtime_error("no"); });
  };
  CHECK_THROWS_WITH(testing::run_task(thrower(workers)), "no");
}
