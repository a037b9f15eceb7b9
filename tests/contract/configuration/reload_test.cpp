#include <doctest/doctest.h>

#include "support/scene.hpp"
#include "support/tls_look.hpp"

using namespace certpivot::testing;

namespace {

// A second certificate beside "web".
std::string other_certificate(Scene const& scene) {
  return "[[certificate]]\nname = \"other\"\n[certificate.source]\ndirectory = \"" +
         (scene.directory / "other").string() + "\"\n[certificate.trust]\nanchors = \"" +
         (scene.directory / "anchors.pem").string() + "\"\n[certificate.publish]\ndirectory = \"" +
         (scene.directory / "other-published").string() + "\"\n" + exec_hook({"/bin/true"});
}

}  // namespace

TEST_CASE("SIGHUP adds, changes and drops certificates without disturbing the others") {
  Scene scene;
  Pair const first = scene.first_in_force();
  Daemon& daemon = scene.daemon();

  // Added.
  Pair const other = scene.issue();
  for (auto const& [name, text] : scene.contents(other))
    scene.directory.write("other/" + name, text);
  scene.more = other_certificate(scene);
  (void)scene.config();
  daemon.reload();
  daemon.next("configuration_loaded");
  LogLine const added = daemon.next("committed", "other");
  CHECK(added.fingerprint == other.fingerprint);
  CHECK(scene.generation() == 1);  // the first one was left alone

  // Changed: its hook is another one from now on.
  std::string const calls = scene.directory / "calls";
  scene.hooks = exec_hook({"/bin/sh", "-c", "echo called >> " + calls});
  (void)scene.config();
  daemon.reload();
  daemon.next("configuration_loaded");
  Pair const second = scene.issue();
  scene.offer(second);
  CHECK(daemon.ending_of(second.fingerprint).event == "committed");
  CHECK(read_file(calls) == "called\n");

  // Dropped: nothing happens to it any more, and its files stay.
  scene.more.clear();
  (void)scene.config();
  daemon.reload();
  daemon.next("configuration_loaded");
  for (auto const& [name, text] : scene.contents(scene.issue())) {
    scene.directory.write("other/" + name, text);
  }
  Pair const third = scene.issue();
  scene.offer(third);
  CHECK(daemon.ending_of(third.fingerprint).event == "committed");
  CHECK(leaf_fingerprint(scene.directory.read("other-published/current/tls.crt")) ==
        other.fingerprint);
}

TEST_CASE("SIGHUP with a bad file changes nothing and says why") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  Daemon& daemon = scene.run();
  std::string const good = read_file(scene.config());
  write_file(scene.config(), good + "[certificat]\nnamee = 1\n");
  daemon.reload();
  LogLine const line = daemon.next("configuration_refused");
  CHECK(line.message.find("certpivot.toml") != std::string::npos);
  CHECK(line.message.find("certificat") != std::string::npos);
  Pair const pair = scene.issue();
  scene.offer(pair);
  CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
  // And a good file is taken again afterwards.
  write_file(scene.directory / "certpivot.toml", good);
  daemon.reload();
  daemon.next("configuration_loaded");
}

TEST_CASE("SIGHUP during a rollout lets it end, and takes the file over afterwards") {
  Scene scene;
  std::string const began = scene.directory / "began";
  std::string const gate = scene.directory / "gate";
  scene.hooks = exec_hook(
      {"/bin/sh", "-c", "echo x > " + began + "; while [ ! -e " + gate + " ]; do sleep 0.02; done"},
      "timeout = \"60s\"\n");
  Daemon& daemon = scene.run();
  Pair const first = scene.issue();
  scene.offer(first);
  wait_until("the hook has begun", [&] { return std::filesystem::exists(began); });
  scene.hooks = exec_hook({"/bin/true"});
  (void)scene.config();
  daemon.reload();
  daemon.wait_for_text("configuration_loaded");
  scene.directory.write("gate", "open");
  CHECK(daemon.ending_of(first.fingerprint).event == "committed");
  Pair const second = scene.issue();
  scene.offer(second);
  CHECK(daemon.ending_of(second.fingerprint).event == "committed");
}

TEST_CASE("SIGHUP tries at once what has failed and waits for its time") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  std::string const gate = (scene.directory / "gate").string();
  scene.hooks =
      exec_hook({"/bin/sh", "-c",
                 "test $CERTPIVOT_FINGERPRINT = " + first.fingerprint + " || test -e " + gate},
                "retries = 0\n");
  Daemon& daemon = scene.run();
  Pair const second = scene.issue();
  scene.offer(second);
  CHECK(daemon.ending_of(second.fingerprint).event == "rolled_back");
  daemon.wait_for_text("it is tried again in 1m");
  write_file(gate, "");
  daemon.reload();
  CHECK(daemon.ending_of(second.fingerprint).event == "committed");
}

TEST_CASE("what is in force and breaks a rule that has come is told, and stays") {
  Scene scene;
  Pair const pair = scene.first_in_force();
  Daemon& daemon = scene.daemon();
  scene.trust_keys += "names = [\"other.internal\"]\n";
  (void)scene.config();
  daemon.reload();
  daemon.wait_for_text("generation 1 in force: it breaks a rule, and would be refused today");
  CHECK(scene.published() == pair.fingerprint);
  CHECK(daemon.all("refused").empty());
}

TEST_CASE("what somebody published without the rules is told at the daemon's start") {
  Scene scene;
  Pair const pair = scene.issue();
  scene.publish_first(pair);
  scene.trust_keys += "names = [\"other.internal\"]\n";
  scene.hooks = exec_hook({"/bin/true"});
  Daemon& daemon = scene.run();
  daemon.wait_for_text("would be refused today");
  CHECK(daemon.output().find("other.internal") != std::string::npos);
  CHECK(scene.published() == pair.fingerprint);
}
