#include "process/child.hpp"

#include <csignal>
#include <optional>
#include <poll.h>
#include <sys/wait.h>

#include "loop/asio.hpp"
#include "loop/on_worker.hpp"
#include "process/capture.hpp"
#include "process/group.hpp"
#include "process/launch.hpp"

namespace certpivot::process {

namespace {

using namespace asio::experimental::awaitable_operators;
using asio::use_awaitable;

constexpr auto grace_after_term = std::chrono::seconds(1);
constexpr auto grace_after_kill = std::chrono::seconds(1);
/// So long the output may stay open after the program has ended before it counts as left running.
constexpr auto drain = std::chrono::milliseconds(200);

/// What comes from one of the program's descriptors.
struct Stream {
  Stream(asio::any_io_executor const& executor, UniqueFd reading)
      : from(executor, reading.release()) {}
  asio::posix::stream_descriptor from;
  Capture capture = {};
  bool ended = false;
};

/// One run in hand. Its destructor ends the group where the loop goes before the run is over.
struct Run {
  Run(asio::any_io_executor const& executor, Launched launched)
      : group(launched.pid),
        exit(executor, launched.exit.release()),
        output(executor, std::move(launched.output)),
        timer(executor),
        output_timer(executor) {
    if (launched.errors.valid()) errors.emplace(executor, std::move(launched.errors));
  }
  [[nodiscard]] bool output_ended() const { return output.ended && (!errors || errors->ended); }

  Group group;
  asio::posix::stream_descriptor exit;  ///< readable once the program has ended
  Stream output;                        ///< its standard output, and error where that is not apart
  std::optional<Stream> errors = {};
  asio::steady_timer timer;
  asio::steady_timer output_timer;  ///< cancelled when the output ends
  Outcome outcome = {};
};

/// Until the last process has closed it, or until output_ends_by() gives up.
Task<void> read_stream(Run& run, Stream& stream) {
  while (true) {
    boost::system::error_code failure;
    auto const room = stream.capture.room();
    auto const size = co_await stream.from.async_read_some(
        asio::buffer(room.data(), room.size()), asio::redirect_error(use_awaitable, failure));
    if (failure) break;
    stream.capture.took(size);
  }
  stream.ended = true;
  if (run.output_ended()) run.output_timer.cancel();
}

Task<void> read_errors(Run& run) {
  if (run.errors) co_await read_stream(run, *run.errors);
}

Task<bool> exits_by(Run& run, SteadyTime deadline) {
  run.timer.expires_at(deadline);
  auto const first =
      co_await (run.exit.async_wait(asio::posix::stream_descriptor::wait_read, use_awaitable) ||
                run.timer.async_wait(use_awaitable));
  co_return first.index() == 0;
}

Task<bool> output_ends_by(Run& run, SteadyTime deadline) {
  if (run.output_ended()) co_return true;
  run.output_timer.expires_at(deadline);
  boost::system::error_code ignored;  // cancelled is what it should be
  co_await run.output_timer.async_wait(asio::redirect_error(use_awaitable, ignored));
  co_return run.output_ended();
}

/// A loop that was busy for longer than the deadline has output left to read, but no writer any
/// more.
bool somebody_holds(asio::posix::stream_descriptor& output) {
  ::pollfd state{output.native_handle(), POLLIN, 0};
  return ::poll(&state, 1, 0) >= 0 && (state.revents & POLLHUP) == 0;
}

/// TERM, then KILL for what is left. The leader is not reaped before, so that the group's number
/// stays the group's.
Task<void> end_group(Run& run) {
  run.group.send(SIGTERM);
  auto const deadline = std::chrono::steady_clock::now() + grace_after_term;
  if (co_await exits_by(run, deadline)) co_await output_ends_by(run, deadline);
  run.group.send(SIGKILL);
}

/// For a program that hangs in the kernel, on a dead mount for instance, where KILL does not reach
/// it.
Task<void> reap_later(Group group, asio::posix::stream_descriptor exit) {
  boost::system::error_code
      ignored;  // whatever woke us, waiting for the leader is what is left to do
  co_await exit.async_wait(asio::posix::stream_descriptor::wait_read,
                           asio::redirect_error(use_awaitable, ignored));
  static_cast<void>(group.reap());
}

void take_status(Outcome& outcome, int status) {
  if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) outcome.signal = WTERMSIG(status);
}

Task<void> watch(Run& run, Duration timeout) {
  auto gone = co_await exits_by(run, std::chrono::steady_clock::now() + timeout);
  if (!gone) {
    run.outcome.timed_out = true;
    co_await end_group(run);
    gone = co_await exits_by(run, std::chrono::steady_clock::now() + grace_after_kill);
  }
  if (!co_await output_ends_by(run, std::chrono::steady_clock::now() + drain) &&
      (somebody_holds(run.output.from) || (run.errors && somebody_holds(run.errors->from)))) {
    run.outcome.left_running = true;
    run.output.from.close();
    if (run.errors) run.errors->from.close();
  }
  if (gone) {
    take_status(run.outcome, run.group.reap());
  } else {
    auto const executor = run.exit.get_executor();
    asio::co_spawn(executor, reap_later(std::move(run.group), std::move(run.exit)), asio::detached);
  }
}

Task<Result<Outcome>> run_to_the_end(Command command, Workers& workers) {
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  auto const start = std::chrono::steady_clock::now();
  auto const executor = co_await asio::this_coro::executor;
  auto launched = co_await on_worker(workers, [&command]() -> Result<Launched> {
    if (auto const good = check_words(command); !good) return fail(good.error());
    return launch(command);
  });
  if (!launched) co_return fail(std::move(launched.error()));
  Run run(executor, std::move(*launched));
  co_await (read_stream(run, run.output) && read_errors(run) && watch(run, command.timeout));
  run.outcome.output = run.output.capture.text();
  run.outcome.truncated = run.output.capture.truncated();
  if (run.errors) run.outcome.errors = run.errors->capture.text();
  run.outcome.took = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start);
  co_return std::move(run.outcome);
}

}  // namespace

Task<Result<Outcome>> run(Command command, Workers& workers) {
  // A coroutine of its own, so that switching cancellation off does not reach the caller's.
  auto const executor = co_await asio::this_coro::executor;
  auto whole = run_to_the_end(std::move(command), workers);
  co_return co_await asio::co_spawn(executor, std::move(whole), use_awaitable);
}

}  // namespace certpivot::process
