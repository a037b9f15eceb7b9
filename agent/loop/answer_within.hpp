#pragma once

#include <future>
#include <memory>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>

#include <tl/expected.hpp>

#include "base/clock.hpp"

namespace certpivot {

/// Runs what may hang and cannot be told to stop, getaddrinfo(3) above all, on a thread of its own
/// and waits at most `limit` for its answer. Errors: std::errc::timed_out where it takes longer;
/// the system's cause where no thread is to be had. The thread is left behind then, and owns
/// nothing but its job, which must keep no references. Blocks: for a worker.
template <class Job>
[[nodiscard]] tl::expected<std::invoke_result_t<Job&>, std::error_code> answer_within(
    Duration limit, Job job) {
  using Answer = std::invoke_result_t<Job&>;
  std::packaged_task<Answer()> task(std::move(job));
  auto answer = task.get_future();
  try {
    std::thread(std::move(task)).detach();
  } catch (std::system_error const& error) {
    return tl::unexpected<std::error_code>(error.code());
  }
  if (answer.wait_for(limit) != std::future_status::ready)
    return tl::unexpected<std::error_code>(std::make_error_code(std::errc::timed_out));
  return answer.get();
}

}  // namespace certpivot
