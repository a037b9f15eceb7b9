#include <doctest/doctest.h>

#include "clock_server.hpp"
#include "day.hpp"
#include "plugin.hpp"

using namespace certpivot::testing;

TEST_CASE("a server that watches its files is asked for its health, and not one call fails") {
  Scene scene;
  scene.publish_first(scene.issue());
  ClockServer server({.publish = scene.publish, .more = {"--watch", "1"}});
  use_grpc_hook(scene, "address = \"" + server.address() +
                           "\"\nreload = false\nhealth = \"certpivot.example.v1.Clock\"\n"
                           "tls = true\nserver_name = \"web.internal\"\n");
  scene.hooks += refusing_hook(scene);
  scene.probes = "[[certificate.probe]]\naddress = \"" + server.address() +
                 "\"\nserver_name = \"web.internal\"\ntimeout = \"20s\"\n";
  Daemon& daemon = scene.run();
  daemon.wait_until_settled();
  Day day(scene, daemon, {server.port(), scene.authority.pem()},
          [&](Pair const& pair) { scene.offer(pair); });
  day.rotate_five_times();
  day.offer_a_broken_pair();
  day.offer_one_that_is_rolled_back();
  CHECK(day.failures() == std::vector<std::string>{});
  CHECK(server.stop() == 0);
}
