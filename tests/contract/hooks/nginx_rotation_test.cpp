#include <doctest/doctest.h>

#include "support/nginx.hpp"
#include "support/scene.hpp"
#include "support/tls_look.hpp"

using namespace certpivot::testing;

TEST_CASE("five Kubernetes flips in a row reach nginx, and no client sees a failure") {
  Scene scene;
  AtomicWriter volume(scene.source);
  Pair const first = scene.issue();
  volume.write(scene.contents(first));
  REQUIRE(scene
              .command({"once", "--source", scene.source.string(), "--anchors",
                        scene.directory / "anchors.pem", "--publish", scene.publish.string()})
              .exit_code == 0);
  Nginx nginx({.publish = scene.publish});
  scene.hooks = nginx.hook();
  scene.probes = nginx.probe();
  Daemon& daemon = scene.run();
  LookLoop client(nginx.port());
  wait_until("the client was served", [&] { return client.seen().good > 0; });

  std::vector<std::string> expected{first.fingerprint};
  for (int turn = 0; turn < 5; ++turn) {
    Pair const next = scene.issue();
    volume.write(scene.contents(next));
    LogLine const line = daemon.ending_of(next.fingerprint);
    CHECK(line.event == "committed");
    CHECK(look_at(nginx.port()).fingerprint == next.fingerprint);
    expected.push_back(next.fingerprint);
    wait_until("the client was served the new one",
               [&] { return client.seen().fingerprints.size() == expected.size(); });
  }
  auto const tally = client.stop();
  CHECK(tally.failures == std::vector<std::string>{});
  CHECK(tally.fingerprints == expected);
}

TEST_CASE("a first pair that comes after the daemon is live as soon as nginx is") {
  Scene scene;
  Pair const pair = scene.issue();
  // nginx cannot start without files, so the first hook finds none of it.
  scene.offer(pair);
  auto const somewhere_else = scene.directory / "elsewhere";
  scene.publish_first(pair);
  Nginx nginx({.publish = scene.publish});
  nginx.stop();
  std::filesystem::rename(scene.publish, somewhere_else);
  scene.hooks = nginx.hook("retries = 0\n");
  scene.probes = nginx.probe();
  Daemon& daemon = scene.run();
  CHECK(daemon.ending_of(pair.fingerprint).event == "failed");
  CHECK(scene.published() == pair.fingerprint);
  nginx.start();
  CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
  CHECK(look_at(nginx.port()).fingerprint == pair.fingerprint);
}

TEST_CASE("an exchange of the CA bundle reaches an nginx that wants client certificates") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  Nginx nginx({.publish = scene.publish, .client_certificates = true});
  scene.hooks = nginx.hook();
  scene.probes = nginx.probe("present = true\n");
  Daemon& daemon = scene.run();
  REQUIRE(look_at(nginx.port(), &first).status == "200");
  REQUIRE(look_at(nginx.port()).status == "400");

  certpivot::testing::Authority const other;
  Pair const stranger = other.issue();
  CHECK(look_at(nginx.port(), &stranger).status == "400");
  Pair const second = scene.issue();
  Contents both = scene.contents(second);
  both["ca.crt"] += other.pem();
  for (auto const& [name, text] : both) rename_over(scene.source / name, text);
  CHECK(daemon.ending_of(second.fingerprint).event == "committed");
  wait_until("the other authority's clients are served",
             [&] { return look_at(nginx.port(), &stranger).status == "200"; });
  CHECK(look_at(nginx.port(), &first).status == "200");
}
