#include <signal.h>

#include <doctest/doctest.h>

#include "support/nginx.hpp"
#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

// Makes nginx read its pair elsewhere, without a word to certpivot.
void repoint(Nginx const& nginx, std::string const& from, std::string const& to) {
  std::string text = read_file(nginx.config());
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  write_file(nginx.config(), text);
  ::kill(nginx.master(), SIGHUP);
}

bool says(LogLine const& line, std::string const& words) {
  return line.message.find(words) != std::string::npos;
}

constexpr auto every_second = "interval = \"1s\"\ntimeout = \"700ms\"\n";

}  // namespace

TEST_CASE("a server that goes back to the generation before is told as such, and when it is over") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  Nginx const nginx({.publish = scene.publish});
  scene.hooks = nginx.hook();
  scene.probes = nginx.probe(every_second);
  Daemon& daemon = scene.run();
  Pair const second = scene.issue();
  scene.offer(second);
  CHECK(daemon.ending_of(second.fingerprint).event == "committed");
  std::string const in_force = "generation " + std::to_string(scene.generation());

  repoint(nginx, "/current/", "/generations/1/");
  LogLine const line = daemon.next("not_served");
  CHECK(line.level == "error");
  CHECK(line.fingerprint == second.fingerprint);
  CHECK(line.reasons == "not_served");
  CHECK(says(line, in_force + " is in force, but is not served at 127.0.0.1:"));
  CHECK(says(line, first.fingerprint));
  CHECK(says(line, first.serial));
  CHECK(says(line, ", that of generation 1, in force before"));
  CHECK(says(line, "see that the server runs and reads " +
                       (scene.publish / "current/tls.crt").string() + ", and reload it"));

  repoint(nginx, "/generations/1/", "/current/");
  CHECK(says(daemon.next("recovered"), "serves " + in_force + " again"));
  // Nothing was done about it.
  CHECK(scene.published() == second.fingerprint);
  CHECK(daemon.all("rolled_back").empty());
}

TEST_CASE("a server that has gone is told, and the next rotation is not kept waiting") {
  Scene scene;
  scene.publish_first(scene.issue());
  Nginx nginx({.publish = scene.publish});
  scene.hooks = nginx.hook();
  scene.probes = nginx.probe(every_second);
  Daemon& daemon = scene.run();
  Pair const second = scene.issue();
  scene.offer(second);
  CHECK(daemon.ending_of(second.fingerprint).event == "committed");
  nginx.stop();
  CHECK(says(daemon.next("not_served"), "Connection refused"));
  nginx.start();
  CHECK(says(daemon.next("recovered"), "again"));
  Pair const third = scene.issue();
  scene.offer(third);
  CHECK(daemon.ending_of(third.fingerprint).event == "committed");
}

TEST_CASE("a server at a socket in the file system is proved, beside one at a port") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  std::string const socket = "unix:" + (scene.directory / "web.sock").string();
  Nginx const nginx({.publish = scene.publish, .more = "    listen " + socket + " ssl;\n"});
  scene.hooks = nginx.hook();
  scene.probes = nginx.probe() + "[[certificate.probe]]\naddress = \"" + socket + "\"\n";
  Daemon& daemon = scene.run();
  Pair const second = scene.issue();
  scene.offer(second);
  CHECK(daemon.ending_of(second.fingerprint).event == "committed");
  daemon.wait_for_text(socket + " serves generation 2");

  Outcome const look =
      scene.command({"check", "--connect", socket, "--anchors", scene.directory / "anchors.pem"});
  CHECK(look.exit_code == 0);
  CHECK(look.out.find(second.fingerprint) != std::string::npos);
}

TEST_CASE("every probe must pass: one server that serves another leaf rolls all back") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  Nginx const nginx({.publish = scene.publish});
  Nginx const forgotten({.publish = scene.publish});
  scene.hooks = nginx.hook();
  scene.probes = nginx.probe() + forgotten.probe("timeout = \"500ms\"\n");
  Daemon& daemon = scene.run();
  Pair const second = scene.issue();
  scene.offer(second);
  LogLine const line = daemon.ending_of(second.fingerprint);
  CHECK(line.event == "rolled_back");
  CHECK(says(line, "is not proved to be served at 127.0.0.1:" + std::to_string(forgotten.port())));
  CHECK(scene.published() == first.fingerprint);
}
