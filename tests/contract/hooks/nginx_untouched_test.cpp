#include <doctest/doctest.h>

#include "support/nginx.hpp"
#include "support/scene.hpp"
#include "support/tls_look.hpp"

using namespace certpivot::testing;

TEST_CASE("a mismatched pair is refused by name after the grace, and nginx is not touched") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  Nginx nginx({.publish = scene.publish});
  scene.hooks = nginx.hook();
  scene.probes = nginx.probe();
  Daemon& daemon = scene.run();
  auto const master = nginx.master();
  daemon.wait_until_settled();
  wait_until("no old workers are left", [&] { return nginx.workers().size() == 2; });
  auto const workers = nginx.workers();

  Pair const second = scene.issue();
  rename_over(scene.source / "tls.crt", second.certificate_pem);
  LogLine const line = daemon.next("refused");
  CHECK(line.reasons.find("key_mismatch") != std::string::npos);
  CHECK(look_at(nginx.port()).fingerprint == first.fingerprint);
  CHECK(nginx.master() == master);
  CHECK(nginx.workers() == workers);

  // The key that was missing makes it whole.
  rename_over(scene.source / "tls.key", second.key_pem);
  CHECK(daemon.ending_of(second.fingerprint).event == "committed");
  CHECK(look_at(nginx.port()).fingerprint == second.fingerprint);
  CHECK(nginx.master() == master);
  CHECK(nginx.workers() != workers);
}
