#include <doctest/doctest.h>

#include "support/nginx.hpp"
#include "support/scene.hpp"
#include "support/tls_look.hpp"

using namespace certpivot::testing;

TEST_CASE("a server that goes on serving the old leaf has the new generation rolled back") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  Nginx nginx({.publish = scene.publish});
  scene.hooks = exec_hook({"/bin/true"});  // says that it reloaded, and did not
  scene.probes = nginx.probe("timeout = \"600ms\"\n");
  Daemon& daemon = scene.run();
  daemon.wait_until_settled();
  unsigned const before = scene.generation();

  Pair const second = scene.issue();
  scene.offer(second);
  LogLine const line = daemon.ending_of(second.fingerprint);
  CHECK(line.event == "rolled_back");
  // The sentence says what was served instead, and how often.
  CHECK(line.message.find(first.fingerprint) != std::string::npos);
  CHECK(line.message.find(first.serial) != std::string::npos);
  CHECK(line.message.find("0 of 3 handshakes") != std::string::npos);

  // The old content is in force as a new generation, with new inodes, and is what is served.
  CHECK(scene.generation() > before + 1);
  CHECK(scene.published() == first.fingerprint);
  CHECK(look_at(nginx.port()).fingerprint == first.fingerprint);
  daemon.wait_for_text("serves generation " + std::to_string(scene.generation()));
}

TEST_CASE("a server that nobody can reach has the new generation rolled back") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  scene.hooks = exec_hook({"/bin/true"});
  scene.probes = "[[certificate.probe]]\naddress = \"127.0.0.1:" + std::to_string(free_port()) +
                 "\"\ntimeout = \"300ms\"\n";
  Daemon& daemon = scene.run();
  Pair const second = scene.issue();
  scene.offer(second);
  LogLine const line = daemon.ending_of(second.fingerprint);
  CHECK(line.event == "rolled_back");
  CHECK(line.message.find("Connection refused") != std::string::npos);
  CHECK(scene.published() == first.fingerprint);
}
