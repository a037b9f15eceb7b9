#pragma once

// For .cpp files only: a template over Asio.
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "loop/asio.hpp"
#include "loop/workers.hpp"

namespace certpivot {

/// Runs `job` on a worker thread and resumes on the loop with its answer:
/// `auto snapshot = co_await on_worker(workers, [&] { return read(…); });`.
/// The awaiting coroutine keeps `job`'s references alive by standing still meanwhile.
template <class Job>
Task<std::invoke_result_t<Job&>> on_worker(Workers& workers, Job job) {
  using Answer = std::invoke_result_t<Job&>;
  static_assert(!std::is_void_v<Answer>, "return a Result<…> or a value");
  auto const loop = co_await asio::this_coro::executor;
  struct Box {
    explicit Box(Job&& from) : job(std::move(from)) {}
    Job job;
    std::optional<Answer> answer = {};
    std::exception_ptr thrown = {};
  };
  // Shared with the job, which outlives this coroutine where the loop ends before a mount answers.
  auto const box = std::make_shared<Box>(std::move(job));
  // Captured by reference only: GCC 12 destroys what a lambda inside a co_await expression owns
  // twice.
  co_await asio::async_initiate<asio::use_awaitable_t<> const, void()>(
      [&workers, &box, &loop](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        workers.post([box = box, loop = loop, shared] {
          try {
            box->answer.emplace(box->job());
          } catch (...) {
            box->thrown = std::current_exception();
          }
          asio::post(loop, [shared] { std::move (*shared)(); });
        });
      },
      asio::use_awaitable);
  // Taken out, so that the exception ends here and not on the worker, which may hold the box
  // longer.
  if (auto const thrown = std::exchange(box->thrown, nullptr)) std::rethrow_exception(thrown);
  co_return std::move(*box->answer);
}

}  // namespace certpivot
