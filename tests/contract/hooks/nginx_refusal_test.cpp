#include <doctest/doctest.h>

#include "support/nginx.hpp"
#include "support/scene.hpp"
#include "support/tls_look.hpp"

using namespace certpivot::testing;

TEST_CASE("a pair that nginx itself does not take is rolled back, with nginx's own reason") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  // At this level OpenSSL refuses RSA keys of 2048 bits, which certpivot has no reason to.
  Nginx nginx({.publish = scene.publish, .more = "    ssl_ciphers DEFAULT@SECLEVEL=3;\n"});
  scene.hooks = nginx.hook("retries = 0\n");
  scene.probes = nginx.probe();
  Daemon& daemon = scene.run();
  auto const master = nginx.master();

  Pair const weak = scene.issue({.key = rsa(2048)});
  scene.offer(weak);
  LogLine const line = daemon.ending_of(weak.fingerprint);
  CHECK(line.event == "rolled_back");
  CHECK(line.message.find("ee key too small") != std::string::npos);
  CHECK(scene.published() == first.fingerprint);
  CHECK(look_at(nginx.port()).fingerprint == first.fingerprint);
  CHECK(nginx.master() == master);

  // The same version is not tried again at once, and does not stand in the way of a better one.
  Pair const good = scene.issue();
  scene.offer(good);
  CHECK(daemon.ending_of(good.fingerprint).event == "committed");
  CHECK(look_at(nginx.port()).fingerprint == good.fingerprint);
}

TEST_CASE("a broken nginx configuration stops a rotation before the pivot") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  Nginx nginx({.publish = scene.publish});
  scene.hooks = nginx.hook("retries = 0\n");
  Daemon& daemon = scene.run();
  daemon.wait_until_settled();
  unsigned const before = scene.generation();
  std::string const config = read_file(nginx.config());
  write_file(nginx.config(), config + "no_such_directive;\n");

  Pair const second = scene.issue();
  scene.offer(second);
  LogLine const line = daemon.ending_of(second.fingerprint);
  CHECK(line.event == "failed");
  CHECK(line.message.find("no_such_directive") != std::string::npos);
  CHECK(scene.generation() == before);
  CHECK(look_at(nginx.port()).fingerprint == first.fingerprint);
}
