#include <csignal>
#include <thread>

#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

TEST_CASE("once publishes what is there, runs the hooks, and says 0 again where nothing is to do") {
  Scene scene;
  std::string const calls = scene.directory / "calls";
  scene.hooks = exec_hook({"/bin/sh", "-c", "echo called >> " + calls});
  Pair const pair = scene.issue();
  scene.offer(pair);
  CHECK(scene.command({"once", "-c", scene.config()}).exit_code == 0);
  CHECK(scene.published() == pair.fingerprint);
  CHECK(scene.command({"once", "-c", scene.config()}).exit_code == 0);
  CHECK(scene.generation() == 1);
  CHECK(read_file(calls) == "called\n");
}

TEST_CASE("once says 2 where the source is refused") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  scene.offer(scene.issue({.not_before = from_now(std::chrono::hours(-48)),
                           .not_after = from_now(std::chrono::hours(-24))}));
  Outcome const outcome = scene.command({"once", "-c", scene.config()});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err.find("expired") != std::string::npos);
  CHECK(scene.generation() == 0);
}

TEST_CASE("once says 75 where nothing comes within the timeout") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  CHECK(scene.command({"once", "-c", scene.config(), "--timeout", "100ms"}).exit_code == 75);
}

TEST_CASE("once says what it lacked, also where its time ends before the grace does") {
  Scene scene;
  scene.source_keys = "directory = \"" + scene.source.string() + "\"\ngrace = \"20s\"\n";
  scene.offer(scene.issue());
  std::filesystem::remove(scene.source / "tls.key");
  Outcome const outcome = scene.command({"once", "-c", scene.config(), "--timeout", "100ms"});
  CHECK(outcome.exit_code == 75);
  CHECK(outcome.err.find("nothing usable in the source within 100ms: cannot read " +
                         (scene.source / "tls.key").string()) != std::string::npos);
}

TEST_CASE("once waits for a source that comes within the timeout") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  Pair const pair = scene.issue();
  std::thread later([&] {
    let_it_be_seen();
    scene.offer(pair);
  });
  Outcome const outcome = scene.command({"once", "-c", scene.config(), "--timeout", "20s"});
  later.join();
  CHECK(outcome.exit_code == 0);
  CHECK(scene.published() == pair.fingerprint);
}

TEST_CASE("once says 70 where a hook fails") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/false"}, "retries = 0\n");
  scene.offer(scene.issue());
  CHECK(scene.command({"once", "-c", scene.config()}).exit_code == 70);
}

TEST_CASE("once needs no file: flags do, and so does the environment") {
  Scene scene;
  Pair const first = scene.issue();
  scene.offer(first);
  std::string const anchors = scene.directory / "anchors.pem";
  std::string const touched = scene.directory / "touched";
  CHECK(scene
            .command({"once", "--source", scene.source.string(), "--anchors", anchors, "--publish",
                      scene.publish.string(), "--exec", "/usr/bin/touch " + touched})
            .exit_code == 0);
  CHECK(scene.published() == first.fingerprint);
  CHECK(std::filesystem::exists(touched));
  Pair const second = scene.issue();
  scene.offer(second);
  CHECK(scene
            .command({"once"},
                     {"CERTPIVOT_SOURCE=" + scene.source.string(), "CERTPIVOT_ANCHORS=" + anchors,
                      "CERTPIVOT_PUBLISH=" + scene.publish.string()})
            .exit_code == 0);
  CHECK(scene.published() == second.fingerprint);
}

TEST_CASE("once by flags owes its hooks until they have run, from one run to the next") {
  Scene scene;
  scene.offer(scene.issue());
  std::string const touched = scene.directory / "touched";
  auto const once = [&](std::string const& program) {
    return scene
        .command({"once", "--source", scene.source.string(), "--anchors",
                  scene.directory / "anchors.pem", "--publish", scene.publish.string(), "--exec",
                  program})
        .exit_code;
  };
  CHECK(once("/bin/false") == 70);
  CHECK(once("/bin/false") == 70);
  CHECK(once("/usr/bin/touch " + touched) == 0);
  CHECK(std::filesystem::exists(touched));
  std::filesystem::remove(touched);
  CHECK(once("/usr/bin/touch " + touched) == 0);
  CHECK_FALSE(std::filesystem::exists(touched));
  // Nothing but the contract's names stays.
  for (auto const& entry : std::filesystem::directory_iterator(scene.publish))
    CHECK(entry.path().filename().string().front() != '.');
}

TEST_CASE("runs by flags on one publish directory follow each other") {
  Scene scene;
  std::string const began = scene.directory / "began";
  std::vector<std::string> const words{
      "once",
      "--source",
      scene.source.string(),
      "--anchors",
      scene.directory / "anchors.pem",
      "--publish",
      scene.publish.string(),
      "--exec",
      scene.directory.write("hook", "#!/bin/sh\necho x >>" + began + "; sleep 0.3\n", 0755)
          .string()};
  scene.offer(scene.issue());
  std::thread first([&] { CHECK(certpivot::testing::certpivot(words).exit_code == 0); });
  wait_until("the first is at its hook", [&] { return std::filesystem::exists(began); });
  Pair const second = scene.issue();
  scene.offer(second);
  CHECK(scene.command(words).exit_code == 0);
  first.join();
  CHECK(scene.published() == second.fingerprint);
  CHECK(scene.generation() == 2);
}

TEST_CASE("a hang-up lets once finish the rollout in hand") {
  Scene scene;
  scene.offer(scene.issue());
  std::string const began = scene.directory / "began";
  std::string const ended = scene.directory / "ended";
  scene.hooks =
      exec_hook({"/bin/sh", "-c", "echo x > " + began + "; sleep 0.3; echo x > " + ended});
  Program once({certpivot_binary(), "once", "-c", scene.config()});
  wait_until("the hook has begun", [&] { return std::filesystem::exists(began); });
  ::kill(once.pid(), SIGHUP);
  CHECK(once.wait() == 0);
  CHECK(std::filesystem::exists(ended));
}
