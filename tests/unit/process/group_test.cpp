#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <fstream>
#include <signal.h>
#include <string>
#include <sys/wait.h>
#include <thread>

#include <doctest/doctest.h>

#include "loop/asio.hpp"
#include "process/child.hpp"
#include "support/run_task.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using namespace certpivot::process;
using certpivot::testing::run_task;
using certpivot::testing::TempDirectory;

namespace {

Command shell(std::string script, Duration timeout = std::chrono::seconds(30)) {
  return {{"/bin/sh", "-c", std::move(script)}, {}, {}, timeout};
}

Task<Result<Outcome>> start(Command command) {
  return run(std::move(command), testing::lasting_workers());
}

/// The last line of `text` as a number; 0 where it is none.
::pid_t pid_in(std::string const& text) {
  auto pid = 0;
  auto const from = text.find_last_not_of('\n');
  auto const start = text.find_last_of('\n', from) + 1;
  std::from_chars(text.data() + start, text.data() + text.size(), pid);
  return pid;
}

/// False for a zombie too: whoever should wait for it is none of ours.
bool runs(::pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string const stat((std::istreambuf_iterator<char>(file)), {});
  auto const after_name = stat.rfind(')');
  return after_name != std::string::npos && stat.at(after_name + 2) != 'Z';
}

/// Waits for something that is bound to happen, up to a generous deadline.
template <class Condition>
bool soon(Condition condition) {
  auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace

TEST_CASE("a timeout ends the whole group, also a grandchild that ignores TERM") {
  TempDirectory const directory;
  auto const file = (directory / "pid").string();
  auto const outcome = run_task(start(shell("(trap '' TERM; sh -c 'echo $$ >" + file +
                                                "; while :; do sleep 1; done') & "
                                                "echo begun; wait",
                                            std::chrono::milliseconds(700))));
  REQUIRE(outcome.has_value());
  CHECK(outcome->timed_out);
  CHECK(!outcome->good());
  CHECK(outcome->output == "begun\n");
  CHECK(outcome->sentence(std::chrono::milliseconds(700)) ==
        "did not end within 700ms and was killed");
  auto const grandchild = pid_in(directory.read("pid"));
  REQUIRE(grandchild > 1);
  CHECK(soon([&] { return !runs(grandchild); }));
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
  CHECK(errno == ECHILD);
}

TEST_CASE("a timeout ends a leader that ignores TERM, by KILL") {
  auto const outcome = run_task(
      start(shell("trap '' TERM; while :; do sleep 0.1; done", std::chrono::milliseconds(300))));
  REQUIRE(outcome.has_value());
  CHECK(outcome->timed_out);
  CHECK(outcome->signal == SIGKILL);
}

TEST_CASE("after a timeout a leader may clean up on TERM") {
  auto const outcome =
      run_task(start(shell("trap 'echo bye; exit 4' TERM; while :; do sleep 0.05; done",
                           std::chrono::milliseconds(500))));
  REQUIRE(outcome.has_value());
  CHECK(outcome->timed_out);
  CHECK(outcome->output.find("bye\n") != std::string::npos);
}

TEST_CASE("a program that forks away is good, told of, and what it left is not killed") {
  auto const outcome = run_task(start(shell("sleep 300 & echo $!; exit 0")));
  REQUIRE(outcome.has_value());
  CHECK(outcome->good());
  CHECK(outcome->left_running);
  auto const background = pid_in(outcome->output);
  REQUIRE(background > 1);
  CHECK(runs(background));
  CHECK(::kill(background, SIGKILL) == 0);
}

TEST_CASE("a program that closes its output is waited for nevertheless") {
  auto const outcome = run_task(start(shell("exec >&- 2>&-; sleep 0.3; exit 6")));
  REQUIRE(outcome.has_value());
  CHECK(outcome->exit_code == 6);
  CHECK(!outcome->left_running);
}

TEST_CASE("kill_all ends every run in hand at once") {
  auto& loop = testing::lasting_loop();
  loop.restart();
  auto ended = 0;
  auto const count = [&ended](std::exception_ptr const& thrown, Result<Outcome> const& outcome) {
    REQUIRE(!thrown);
    REQUIRE(outcome.has_value());
    CHECK(outcome->signal == SIGKILL);
    ++ended;
  };
  asio::co_spawn(loop, start(shell("sleep 300")), count);
  asio::co_spawn(loop, start(shell("sleep 300 & wait")), count);
  CHECK(soon([&] {
    loop.poll();
    kill_all();
    return ended == 2;
  }));
  CHECK(ended == 2);
}

TEST_CASE("a loop that goes while a program runs takes the program along") {
  TempDirectory const directory;
  auto const file = (directory / "pid").string();
  {
    asio::io_context loop;
    Workers one_at_a_time(1, 1);
    asio::co_spawn(loop, run(shell("echo $$ >" + file + "; exec sleep 300"), one_at_a_time),
                   asio::detached);
    CHECK(soon([&] {
      loop.poll();
      std::ifstream written(file);
      std::string line;
      return bool(std::getline(written, line)) && !line.empty();
    }));
    // The worker is done with the loop once it takes the next job.
    std::atomic<bool> done = false;
    one_at_a_time.post([&done] { done = true; });
    CHECK(soon([&] { return done.load(); }));
    loop.poll();
  }
  auto const pid = pid_in(directory.read("pid"));
  REQUIRE(pid > 1);
  CHECK(soon([&] { return !runs(pid); }));
  ::waitpid(pid, nullptr, 0);
}

TEST_CASE("a run is not cut short by its caller's cancellation, and the caller's is not lost") {
  using namespace asio::experimental::awaitable_operators;
  auto const impatient = []() -> Task<std::size_t> {
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(50));
    auto first =
        co_await (start(shell("sleep 0.5; echo whole")) || timer.async_wait(asio::use_awaitable));
    co_return first.index();
  };
  CHECK(run_task(impatient()) == 1);
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
  CHECK(errno == ECHILD);
}
