#include <signal.h>
#include <sstream>

#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

// Rolls a second pair out over a first one, with `hook` as the only one.
struct Attempt {
  explicit Attempt(std::string const& hook) {
    scene.publish_first(first);
    scene.hooks = hook;
    scene.run();
  }
  LogLine roll_out() {
    scene.offer(second);
    return scene.daemon().ending_of(second.fingerprint);
  }
  Scene scene = {};
  Pair first = scene.issue();
  Pair second = scene.issue();
};

bool runs(std::string const& pid) {
  return ::kill(static_cast<::pid_t>(std::stol(pid)), 0) == 0 &&
         read_file("/proc/" + pid + "/stat").find(") Z ") == std::string::npos;
}

}  // namespace

TEST_CASE("an exec hook is told about the generation in its environment and as JSON") {
  Scene scene;
  Pair const pair = scene.issue();
  scene.hooks = exec_hook(
      {"/bin/sh", "-c",
       "env > " + scene.directory.string() + "/env; cat > " + scene.directory.string() + "/event"});
  Daemon& daemon = scene.run();
  scene.offer(pair);
  CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
  std::string const environment = scene.directory.read("env");
  std::string const current = scene.publish / "current";
  for (std::string const& entry :
       {std::string("CERTPIVOT_CERTIFICATE=web\n"), std::string("CERTPIVOT_GENERATION=1\n"),
        "CERTPIVOT_CERTIFICATE_FILE=" + current + "/tls.crt\n",
        "CERTPIVOT_KEY_FILE=" + current + "/tls.key\n",
        "CERTPIVOT_CA_FILE=" + current + "/ca.crt\n",
        "CERTPIVOT_FINGERPRINT=" + pair.fingerprint + "\n", std::string("CERTPIVOT_EVENT="),
        std::string("CERTPIVOT_NOT_AFTER=")}) {
    CAPTURE(entry);
    CHECK(environment.find(entry) != std::string::npos);
  }
  std::string const event = scene.directory.read("event");
  CHECK(event.find("\"fingerprint\":\"" + pair.fingerprint + "\"") != std::string::npos);
  CHECK(event.find("\"certificate\":\"web\"") != std::string::npos);
  CHECK((environment + event).find(pair.key_pem.substr(30, 40)) == std::string::npos);
}

TEST_CASE("a hook that is missing is found before the pivot") {
  Attempt attempt(exec_hook({"/nowhere/reload"}));
  LogLine const line = attempt.roll_out();
  CHECK(line.event == "failed");
  CHECK(line.message.find("/nowhere/reload") != std::string::npos);
  CHECK(attempt.scene.published() == attempt.first.fingerprint);
}

TEST_CASE("a hook that fails is tried again, then the old generation comes back") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  std::string const script = "echo $CERTPIVOT_FINGERPRINT >> " + scene.directory.string() +
                             "/calls; test $CERTPIVOT_FINGERPRINT = " + first.fingerprint;
  scene.hooks = exec_hook({"/bin/sh", "-c", script}, "retries = 1\n");
  Daemon& daemon = scene.run();
  daemon.wait_until_settled();
  scene.directory.write("calls", "");
  Pair const second = scene.issue();
  scene.offer(second);
  CHECK(daemon.ending_of(second.fingerprint).event == "rolled_back");
  CHECK(scene.published() == first.fingerprint);
  CHECK(scene.directory.read("calls") ==
        second.fingerprint + "\n" + second.fingerprint + "\n" + first.fingerprint + "\n");
}

TEST_CASE("a hook that hangs is killed with all its children after its timeout") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  std::string const pids = scene.directory / "pids";
  std::string const script = "test $CERTPIVOT_FINGERPRINT = " + first.fingerprint +
                             " && exit 0; sleep 1000 & echo $! >> " + pids + "; echo $$ >> " +
                             pids + "; wait; wait; sleep 1000";
  scene.hooks = exec_hook({"/bin/sh", "-c", script}, "timeout = \"300ms\"\nretries = 0\n");
  Daemon& daemon = scene.run();
  Pair const second = scene.issue();
  scene.offer(second);
  LogLine const line = daemon.ending_of(second.fingerprint);
  CHECK(line.event == "rolled_back");
  CHECK(line.message.find("300ms") != std::string::npos);
  CHECK(scene.published() == first.fingerprint);
  std::istringstream lines(read_file(pids));
  int seen = 0;
  for (std::string pid; std::getline(lines, pid); ++seen) {
    CAPTURE(pid);
    wait_until("it is gone", [&] { return !runs(pid); });
  }
  CHECK(seen == 2);
}

TEST_CASE("a hook that forks a process away is done when it ends itself") {
  Scene scene;
  std::string const pid = scene.directory / "pid";
  scene.hooks = exec_hook({"/bin/sh", "-c", "setsid sleep 1000 & echo $! > " + pid + "; exit 0"},
                          "timeout = \"20s\"\n");
  Daemon& daemon = scene.run();
  Pair const pair = scene.issue();
  auto const began = std::chrono::steady_clock::now();
  scene.offer(pair);
  CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(20));
  ::kill(static_cast<::pid_t>(std::stol(read_file(pid))), SIGKILL);
}

TEST_CASE("a hook that prints 100 MB succeeds, and the log keeps a small part of it") {
  Attempt attempt(exec_hook({"/bin/sh", "-c", "head -c 100000000 /dev/zero | tr '\\\\0' 'x'"}));
  CHECK(attempt.roll_out().event == "committed");
  CHECK(attempt.scene.daemon().output().size() < 1000000);
}

TEST_CASE("a hook whose failure is not to count leaves the new generation in force") {
  Attempt attempt(exec_hook({"/bin/false"}, "retries = 0\non_failure = \"continue\"\n"));
  attempt.scene.offer(attempt.second);
  LogLine const failure = attempt.scene.daemon().ending_of(attempt.second.fingerprint);
  CHECK(failure.event == "failed");
  CHECK(attempt.scene.daemon().ending_of(attempt.second.fingerprint).event == "committed");
  CHECK(attempt.scene.published() == attempt.second.fingerprint);
}

TEST_CASE("hooks run in the order written") {
  Scene scene;
  std::string const calls = scene.directory / "calls";
  for (std::string const word : {"one", "two", "three"}) {
    scene.hooks += exec_hook({"/bin/sh", "-c", "echo " + word + " >> " + calls});
  }
  Daemon& daemon = scene.run();
  Pair const pair = scene.issue();
  scene.offer(pair);
  CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
  CHECK(read_file(calls) == "one\ntwo\nthree\n");
}
