#include <doctest/doctest.h>

#include "clock_server.hpp"
#include "day.hpp"
#include "plugin.hpp"
#include "support/tls_look.hpp"

using namespace certpivot::testing;

// Servers that take their certificate by plugins/grpc/server: nothing is read before certpivot
// calls.

TEST_CASE("a server that is called by mTLS follows to another CA, and not one call fails") {
  Authority const old_authority({.common_name = "old"});
  Authority const new_authority({.common_name = "new"});
  std::string const both = old_authority.pem() + new_authority.pem();
  Scene scene;
  scene.authority = old_authority;
  scene.directory.write("anchors.pem", both);
  Pair const first = scene.issue();
  scene.publish_first(first);
  ClockServer server({.publish = scene.publish, .clients = true, .more = {"--reload", "here"}});
  use_grpc_hook(scene, "address = \"" + server.address() +
                           "\"\ntls = true\nserver_name = \"web.internal\"\n"
                           "health = \"certpivot.example.v1.Clock\"\n");
  Daemon& daemon = scene.run();
  daemon.wait_until_settled();

  Pair const old_client = old_authority.issue({.purpose = Purpose::client});
  Pair const new_client = new_authority.issue({.purpose = Purpose::client});
  ClockClient const stranger{server.port(), both, &new_client};
  CHECK(stranger.now() != "");
  Day day(scene, daemon, {server.port(), both, &old_client},
          [&](Pair const& pair) { scene.offer(pair); });
  day.rotate_five_times();
  day.offer_a_broken_pair();

  rename_over(scene.source / "ca.crt", both);
  wait_until("the new CA is trusted too", [&] { return stranger.now().empty(); });
  Pair const next = new_authority.issue();
  Contents files = scene.contents(next);
  files["ca.crt"] = both;
  scene.offer_files(files);
  CHECK(daemon.ending_of(next.fingerprint).event == "committed");
  CHECK(look_at(server.port(), &old_client).fingerprint == next.fingerprint);
  CHECK(ClockClient{server.port(), new_authority.pem(), &new_client}.now() == "");
  CHECK(day.failures() == std::vector<std::string>{});
  CHECK(server.stop() == 0);
}

TEST_CASE("what a server refuses is rolled back, with its own words") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  // It reads a directory of its own, where nobody changes anything.
  auto const own = scene.directory.make("own");
  for (std::string const name : {"tls.crt", "tls.key"})
    std::filesystem::copy_file(scene.publish / "current" / name, own / name);
  std::string const socket = "unix:" + (scene.directory / "reload.sock").string();
  ClockServer server({.publish = own, .more = {"--reload", socket}});
  use_grpc_hook(scene, "address = \"" + socket + "\"\nretries = 0\n");
  Daemon& daemon = scene.run();
  daemon.wait_until_settled();
  Pair const second = scene.issue();
  scene.offer(second);
  LogLine const end = daemon.ending_of(second.fingerprint);
  CHECK(end.event == "rolled_back");
  CHECK_MESSAGE(end.message.find(own.string() + "/tls.crt holds the leaf " + first.fingerprint +
                                 ", not " + second.fingerprint) != std::string::npos,
                end.text);
  CHECK(scene.published() == first.fingerprint);
}

TEST_CASE("a server that is not there keeps the rollout from its pivot") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  std::string const socket = "unix:" + (scene.directory / "reload.sock").string();
  use_grpc_hook(scene, "address = \"" + socket + "\"\n");
  Daemon& daemon = scene.run();
  Pair const second = scene.issue();
  scene.offer(second);
  LogLine const end = daemon.ending_of(second.fingerprint);
  CHECK(end.event == "failed");
  CHECK_MESSAGE(end.message.find("cannot reach the process at " + socket + ": UNAVAILABLE") !=
                    std::string::npos,
                end.text);
  CHECK(scene.published() == first.fingerprint);
  CHECK(scene.generation() == 1);
}
