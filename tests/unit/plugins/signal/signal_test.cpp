#include "plugins/signal/signal.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "loop/asio.hpp"
#include "plugins/target/proc.hpp"
#include "plugins/target/target.hpp"
#include "support/holds.hpp"
#include "support/program.hpp"
#include "support/run_task.hpp"
#include "support/temp_directory.hpp"
#include "unit/plugins/test_process.hpp"

using namespace certpivot;
using namespace certpivot::plugins;
using certpivot::testing::run_task;
using certpivot::testing::sleeping;
using certpivot::testing::TempDirectory;
using certpivot::testing::TestProcess;
using testing::holds;

namespace {

void end_with_40(int /*signal*/) { ::_exit(40); }
void handle_hup() { ::signal(SIGHUP, end_with_40); }

struct Stage {
  TempDirectory directory = {};
  Log log{LogLevel::error, LogFormat::text, false};

  std::unique_ptr<hook::Hook> hook(std::string const& signal, std::string const& content) const {
    return hook_on(signal, directory.write("pid", content).string());
  }
  std::unique_ptr<hook::Hook> hook_on(std::string const& signal, std::string const& pidfile,
                                      Workers& workers = testing::lasting_workers()) const {
    settings::Hook settings;
    settings.type = "signal";
    settings.signal.signal = signal;
    settings.signal.pidfile = pidfile;
    return signal_factory({})(settings, {const_cast<Log&>(log), "web", workers});
  }
};

/// The same sentence for check() and reload(), which is what a user sees first.
std::string refusal(hook::Hook& hook) {
  auto const checked = run_task(hook.check({}));
  auto const reloaded = run_task(hook.reload({}));
  REQUIRE(!checked.has_value());
  REQUIRE(!reloaded.has_value());
  CHECK(checked.error().text() == reloaded.error().text());
  return checked.error().text();
}

}  // namespace

TEST_CASE("a signal reaches the process of the pidfile, and a check sends nothing") {
  Stage const stage;
  TestProcess server(sleeping(handle_hup));
  auto const hook = stage.hook("HUP", server.text());
  CHECK(run_task(hook->check({})).has_value());
  auto const status = testing::read_file("/proc/" + std::to_string(server.pid()) + "/stat");
  CHECK(!status.empty());  // it is still there, so the check did not end it
  CHECK(run_task(hook->reload({})).has_value());
  CHECK(WEXITSTATUS(server.wait()) == 40);
}

TEST_CASE("a stale pidfile, an empty one and a missing one each have their own sentence") {
  Stage const stage;
  ::pid_t gone = 0;
  {
    TestProcess const server(sleeping());
    gone = server.pid();
  }
  auto const stale = refusal(*stage.hook("HUP", std::to_string(gone)));
  CHECK(holds(stale, "stale pidfile"));
  CHECK(holds(stale, "there is no process " + std::to_string(gone)));
  CHECK(holds(refusal(*stage.hook("HUP", "")), "it is empty"));
  CHECK(holds(refusal(*stage.hook("HUP", "garbage")), "not a process number"));
  CHECK(holds(refusal(*stage.hook_on("HUP", "/nowhere/pid")), "server is not running"));
}

TEST_CASE("a zombie counts as a server that has died") {
  Stage const stage;
  TestProcess const server([](TestProcess::Ready const& ready) {
    ready();
    return 0;
  });
  server.becomes_zombie();
  auto const text = refusal(*stage.hook("HUP", server.text()));
  CHECK(holds(text, "zombie"));
  CHECK(holds(text, "start the server again"));
}

TEST_CASE("a process that started after the pidfile was written is another one, and is not hit") {
  Stage const stage;
  TestProcess const server(sleeping(handle_hup));
  auto const hook = stage.hook("HUP", server.text());
  struct ::stat before {};
  REQUIRE(::stat((stage.directory / "pid").c_str(), &before) == 0);
  std::array<::timespec, 2> times = {::timespec{before.st_mtim.tv_sec - 60, 0},
                                     ::timespec{before.st_mtim.tv_sec - 60, 0}};
  REQUIRE(::utimensat(AT_FDCWD, (stage.directory / "pid").c_str(), times.data(), 0) == 0);
  auto const text = refusal(*hook);
  CHECK(holds(text, "is another one by now"));
  CHECK(::waitpid(server.pid(), nullptr, WNOHANG) == 0);
}

TEST_CASE("process 1 is refused unless it is asked for by its own word") {
  Stage const stage;
  CHECK(holds(refusal(*stage.hook("HUP", "1\n")), "pid:1"));
  auto const asked_for = Target::open(Target::process_one);
  if (asked_for) CHECK(asked_for->pid() == 1);
  if (!asked_for) CHECK(!holds(asked_for.error().text(), "will not signal process 1"));
}

TEST_CASE("a signal that would end an unprepared server is not sent, TERM is the user's wish") {
  Stage const stage;
  TestProcess server(sleeping());
  auto const text = refusal(*stage.hook("HUP", server.text()));
  CHECK(holds(text, "no handler for HUP"));
  CHECK(::waitpid(server.pid(), nullptr, WNOHANG) == 0);
  CHECK(holds(refusal(*stage.hook("USR1", server.text())), "no handler for USR1"));
  CHECK(run_task(stage.hook("TERM", server.text())->reload({})).has_value());
  CHECK(WTERMSIG(server.wait()) == SIGTERM);
}

TEST_CASE("a server that blocks the signal, as signalfd wants it, and one that ignores it get it") {
  Stage const stage;
  TestProcess const blocks(sleeping([] {
    ::sigset_t mask;
    ::sigemptyset(&mask);
    ::sigaddset(&mask, SIGHUP);
    ::sigprocmask(SIG_BLOCK, &mask, nullptr);
  }));
  CHECK(run_task(stage.hook("HUP", blocks.text())->reload({})).has_value());
  TestProcess const ignores(sleeping([] { ::signal(SIGHUP, SIG_IGN); }));
  CHECK(run_task(stage.hook("HUP", ignores.text())->reload({})).has_value());
}

TEST_CASE("no signal and an unknown one are refused") {
  Stage const stage;
  TestProcess const server(sleeping());
  CHECK(holds(refusal(*stage.hook("", server.text())), "has no signal"));
  CHECK(holds(refusal(*stage.hook("RELOAD", server.text())), "there is no signal RELOAD"));
  CHECK(signal_number("HUP") == SIGHUP);
  CHECK(signal_number("SIGUSR2") == SIGUSR2);
}

TEST_CASE("a server of another user is told by both users' names") {
  if (::geteuid() != 0) return;  // only root can make a process of somebody else's
  Stage const stage;
  TestProcess const server(sleeping(handle_hup));
  auto const pidfile = stage.directory.write("pid", server.text()).string();
  REQUIRE(::chmod(stage.directory.path().c_str(), 0755) == 0);
  REQUIRE(::chmod(pidfile.c_str(), 0644) == 0);
  TestProcess stranger([&stage, &pidfile](TestProcess::Ready const& ready) {
    auto const changed = ::setgid(65534) == 0 && ::setuid(65534) == 0;
    ready();
    // Threads do not survive a fork, so it has workers and a loop of its own.
    Workers workers;
    asio::io_context loop;
    auto const hook = stage.hook_on("HUP", pidfile, workers);
    auto const checked = run_task(hook->check({}), loop);
    if (!changed || checked) return 1;
    return holds(checked.error().text(), "it runs as root (0), certpivot as nobody (65534)") ? 0
                                                                                             : 2;
  });
  CHECK(WEXITSTATUS(stranger.wait()) == 0);
}

TEST_CASE("the process of an executable is found by its name, workers aside") {
  TempDirectory const directory;
  // A program of a name that nothing else has, which starts itself once more as its worker.
  std::string const name = "certpivot-" + std::to_string(::getpid());
  std::filesystem::copy_file("/bin/sleep", directory / name);
  std::string const program = (directory / name).string();
  auto const start = [&] {
    ::pid_t const pid = ::fork();
    if (pid == 0) {
      ::execl(program.c_str(), program.c_str(), "300", nullptr);
      ::_exit(127);
    }
    return pid;
  };
  Stage const stage;
  settings::Hook settings;
  settings.type = "signal";
  settings.signal = {.signal = "TERM", .process = name};
  auto const hook = signal_factory({})(
      settings, {const_cast<Log&>(stage.log), "web", testing::lasting_workers()});
  CHECK(holds(refusal(*hook), "there is no process of " + name));
  ::pid_t const first = start();
  auto const running = [&](::pid_t pid) { return executable_of(pid) == name; };
  testing::wait_until("the program runs", [&] { return running(first); });
  CHECK(run_task(hook->check({})).has_value());

  ::pid_t const second = start();
  testing::wait_until("another runs", [&] { return running(second); });
  CHECK(holds(refusal(*hook), "none of them started the others"));
  ::kill(second, SIGKILL);
  ::waitpid(second, nullptr, 0);
  CHECK(run_task(hook->reload({})).has_value());
  int status = 0;
  ::waitpid(first, &status, 0);
  CHECK(WTERMSIG(status) == SIGTERM);
}
