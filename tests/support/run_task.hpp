#pragma once

#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "loop/asio.hpp"
#include "loop/workers.hpp"

namespace certpivot::testing {

/// Runs `task` to its end on `loop`, with everything that it starts, and gives its
/// answer back; an exception of the task is thrown on. For test files that include "loop/asio.hpp"
/// anyway. A task that never ends hangs here: the test's own time limit ends it.
template <class T>
T run_task(Task<T> task, asio::io_context& loop) {
  loop.restart();
  std::exception_ptr thrown;
  auto const keep_exception = [&thrown](std::exception_ptr const& from) { thrown = from; };
  if constexpr (std::is_void_v<T>) {
    asio::co_spawn(loop, std::move(task), keep_exception);
    loop.run();
    if (thrown) std::rethrow_exception(thrown);
  } else {
    // The answer goes through an optional because co_spawn wants a T that can be made from nothing.
    std::optional<T> answer;
    auto const store = [](Task<T> from, std::optional<T>& into) -> Task<void> {
      into.emplace(co_await std::move(from));
    };
    asio::co_spawn(loop, store(std::move(task), answer), keep_exception);
    loop.run();
    if (thrown) std::rethrow_exception(thrown);
    if (!answer) throw std::logic_error("the loop ran dry before the task had its answer");
    return std::move(*answer);
  }
}

/// A loop that is never destroyed, because a worker may still be on its way out of post() when its
/// answer has been dealt with.
inline asio::io_context& lasting_loop() {
  static auto& loop = *new asio::io_context(1);
  return loop;
}

/// Workers that are never destroyed either.
inline Workers& lasting_workers() {
  static auto& workers = *new Workers;
  return workers;
}

/// The same on the loop that lasts.
template <class T>
T run_task(Task<T> task) {
  return run_task(std::move(task), lasting_loop());
}

}  // namespace certpivot::testing
