#include "process/child.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "loop/asio.hpp"
#include "support/run_task.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using namespace certpivot::process;
using certpivot::testing::lasting_workers;
using certpivot::testing::run_task;
using certpivot::testing::TempDirectory;

namespace {

Command shell(std::string script, Duration timeout = std::chrono::seconds(30)) {
  return {{"/bin/sh", "-c", std::move(script)}, {}, {}, timeout};
}

Outcome outcome_of(Command command) {
  auto outcome = run_task(run(std::move(command), lasting_workers()));
  REQUIRE_MESSAGE(outcome.has_value(), (outcome ? "" : outcome.error().text()));
  return *outcome;
}

std::string refusal_of(Command command) {
  auto const outcome = run_task(run(std::move(command), lasting_workers()));
  REQUIRE(!outcome.has_value());
  return outcome.error().text();
}

bool no_children_are_left() { return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; }

}  // namespace

TEST_CASE("a program's exit code and both its output streams arrive") {
  auto const outcome = outcome_of(shell("echo one; echo two >&2; exit 7"));
  CHECK(outcome.exit_code == 7);
  CHECK(outcome.signal == 0);
  CHECK(!outcome.good());
  CHECK(outcome.output == "one\ntwo\n");
  CHECK(!outcome.left_running);
  CHECK(outcome.sentence(std::chrono::seconds(30)) == "exited with 7");
  CHECK(outcome_of(shell("exit 0")).good());
  CHECK(no_children_are_left());
}

TEST_CASE("a program that a signal ended is told apart from one that exited") {
  auto const outcome = outcome_of(shell("kill -9 $$"));
  CHECK(outcome.signal == SIGKILL);
  CHECK(!outcome.good());
  CHECK(outcome.sentence(std::chrono::seconds(30)) == "was ended by signal 9 (KILL)");
}

TEST_CASE("the input arrives whole and ends") {
  auto command = shell("cat");
  command.input = "{\"event\":\"committed\"}\n";
  CHECK(outcome_of(command).output == command.input);
}

TEST_CASE("a program that never reads a large input is not waited for") {
  auto command = shell("exit 3");
  command.input = std::string(std::size_t{4} * 1024 * 1024, 'x');
  CHECK(outcome_of(command).exit_code == 3);
}

TEST_CASE("of 100 MB of output the first 64 KiB are kept and the program ends undisturbed") {
  auto const outcome = outcome_of(shell("echo first; head -c 100000000 /dev/zero; exit 5"));
  CHECK(outcome.exit_code == 5);
  CHECK(outcome.truncated);
  CHECK(outcome.output.size() == output_limit);
  CHECK(outcome.output.substr(0, 6) == "first\n");
}

TEST_CASE("a missing program is an error that names it") {
  auto const text = refusal_of({{"/nowhere/reload"}, {}, {}, std::chrono::seconds(5)});
  CHECK(text.find("/nowhere/reload") != std::string::npos);
  CHECK(text.find("No such file or directory") != std::string::npos);
  CHECK(no_children_are_left());
}

TEST_CASE("a file that is not executable is an error that says what to do") {
  TempDirectory const directory;
  auto const script = directory.write("hook", "#!/bin/sh\nexit 0\n", 0644);
  auto const text = refusal_of({{script.string()}, {}, {}, std::chrono::seconds(5)});
  CHECK(text.find("Permission denied") != std::string::npos);
  CHECK(text.find("chmod +x") != std::string::npos);
  CHECK(no_children_are_left());
}

TEST_CASE("a script whose interpreter is missing is an error that says so and leaves no zombie") {
  TempDirectory const directory;
  auto const script = directory.write("hook", "#!/nowhere/shell\n", 0755);
  CHECK(refusal_of({{script.string()}, {}, {}, std::chrono::seconds(5)}).find("interpreter") !=
        std::string::npos);
  auto const plain = directory.write("plain", "exit 0\n", 0755);
  CHECK(refusal_of({{plain.string()}, {}, {}, std::chrono::seconds(5)}).find("#!/bin/sh") !=
        std::string::npos);
  CHECK(no_children_are_left());
}

TEST_CASE("an empty command, a relative path, a directory and a NUL byte are refused") {
  CHECK(refusal_of({}).find("the command is empty") != std::string::npos);
  CHECK(refusal_of({{"true"}, {}, {}, {}}).find("not absolute") != std::string::npos);
  CHECK(refusal_of({{""}, {}, {}, {}}).find("absolute path") != std::string::npos);
  CHECK(refusal_of({{"/usr"}, {}, {}, {}}).find("not a regular file") != std::string::npos);
  CHECK(refusal_of({{"/bin/echo", std::string("a\0b", 3)}, {}, {}, {}}).find("NUL") !=
        std::string::npos);
}

TEST_CASE("the environment holds what was given and a few names of the daemon's, nothing else") {
  ::setenv("CERTPIVOT_TEST_TOKEN", "not for hooks", 1);
  Command command{
      {"/usr/bin/env"}, {{"CERTPIVOT_EVENT", "committed"}}, {}, std::chrono::seconds(30)};
  auto const output = outcome_of(command).output;
  CHECK(output.find("CERTPIVOT_EVENT=committed\n") != std::string::npos);
  CHECK(output.find("PATH=") != std::string::npos);
  CHECK(output.find("CERTPIVOT_TEST_TOKEN") == std::string::npos);
  ::unsetenv("CERTPIVOT_TEST_TOKEN");
}

TEST_CASE("a program gets descriptors 0, 1 and 2 only, whatever the daemon has open") {
  auto const leaking = ::open("/dev/null", O_RDONLY);  // without O_CLOEXEC on purpose
  auto const far_leaking = ::fcntl(leaking, F_DUPFD, 200);
  auto const outcome = outcome_of(shell(
      "n=0; while [ $n -lt 256 ]; do [ -e /proc/$$/fd/$n ] && echo $n; n=$((n+1)); done; exit 0"));
  CHECK(outcome.output == "0\n1\n2\n");
  ::close(leaking);
  ::close(far_leaking);
}

TEST_CASE("a program starts with an empty signal mask and standard dispositions") {
  ::sigset_t blocked;
  ::sigset_t before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  auto* const pipe_before = ::signal(SIGPIPE, SIG_IGN);
  auto const outcome = outcome_of({{"/bin/grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"},
                                   {},
                                   {},
                                   std::chrono::seconds(30)});
  ::signal(SIGPIPE, pipe_before);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  CHECK(outcome.output == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_CASE("many runs, good and failed, leave neither descriptors nor children behind") {
  auto const open_descriptors = [] {
    auto count = 0;
    for (auto fd = 0; fd < 1024; ++fd) count += ::fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
    return count;
  };
  (void)outcome_of(shell("true"));  // the loop opens what it keeps
  auto const before = open_descriptors();
  for (auto round = 0; round < 5; ++round) {
    static_cast<void>(outcome_of(shell("echo hello")));
    static_cast<void>(refusal_of({{"/nowhere/reload"}, {}, {}, std::chrono::seconds(5)}));
  }
  CHECK(open_descriptors() == before);
  CHECK(no_children_are_left());
}

TEST_CASE("standard error comes apart from output where it is asked for") {
  Command command{{"/bin/sh", "-c", "echo out; echo err >&2; echo more"}};
  CHECK(outcome_of(command).errors == "");
  command.errors_apart = true;
  Outcome const outcome = outcome_of(command);
  CHECK(outcome.output == "out\nmore\n");
  CHECK(outcome.errors == "err\n");
  CHECK_FALSE(outcome.left_running);
}

TEST_CASE("a process that stays behind with standard error alone is left running") {
  Command command{{"/bin/sh", "-c", "sleep 300 >/dev/null & echo $!"}};
  command.errors_apart = true;
  Outcome const outcome = outcome_of(command);
  CHECK(outcome.left_running);
  ::kill(std::stoi(outcome.output), SIGKILL);
}
