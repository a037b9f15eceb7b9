#include <doctest/doctest.h>

#include "contract/hooks/behind_haproxy.hpp"
#include "support/haproxy.hpp"
#include "support/scene.hpp"
#include "support/tls_look.hpp"

using namespace certpivot::testing;

namespace {

std::string reasons_of_reloads(Daemon const& daemon) {
  std::string reasons;
  for (LogLine const& line : daemon.lines())
    if (line.message.find("haproxy is reloaded") != std::string::npos)
      reasons += line.message + "\n";
  return reasons;
}

}  // namespace

TEST_CASE("five pairs reach haproxy by its API, and no connection and no worker notices") {
  BehindHaproxy behind;
  Scene& scene = behind.scene;
  Daemon& daemon = behind.daemon;
  Haproxy const& haproxy = behind.haproxy;
  Pair const& first = behind.first;
  std::string const worker = haproxy.worker();
  KeptAlive connection(haproxy.port(), &first);
  REQUIRE(connection.request() == "200");
  LookLoop client(haproxy.port(), &first);

  std::string last;
  for (int turn = 0; turn < 5; ++turn) {
    Pair const next = scene.issue();
    scene.offer(next);
    CHECK(daemon.ending_of(next.fingerprint).event == "committed");
    CHECK(look_at(haproxy.port(), &first).fingerprint == next.fingerprint);
    CHECK(connection.request() == "200");
    last = next.fingerprint;
  }
  CHECK(client.stop().failures == std::vector<std::string>{});
  CHECK(haproxy.worker() == worker);

  // Disk and memory are the same: what haproxy reads by itself is what it was told.
  Haproxy::ask(haproxy.master_socket(), "reload\n");
  wait_until("another worker is in charge", [&] {
    std::string const now = haproxy.worker();
    return !now.empty() && now != worker;
  });
  CHECK(look_at(haproxy.port(), &first).fingerprint == last);
}

TEST_CASE("check finds a haproxy that has only its API as good as the daemon does") {
  Scene scene;
  scene.publish_first(scene.issue());
  Haproxy const haproxy({.certificate = scene.publish / "tls.crt"});
  scene.hooks = "[[certificate.hook]]\ntype = \"haproxy\"\nsocket = \"" + haproxy.socket() + "\"\n";
  Outcome const idle = scene.command({"check", "-c", scene.config()});
  CHECK_MESSAGE(idle.out.find("haproxy:") == std::string::npos, idle.out);
  scene.offer(scene.issue());
  Outcome const outcome = scene.command({"check", "-c", scene.config()});
  CHECK_MESSAGE(outcome.exit_code < 2, outcome.out);
  CHECK(outcome.out.find("haproxy:") == std::string::npos);
}

TEST_CASE("a transaction that somebody has left open in haproxy is aborted") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  std::string const name = scene.publish / "current/tls.crt";
  Haproxy const haproxy({.certificate = name});
  scene.hooks = haproxy.hook();
  Daemon& daemon = scene.run();
  daemon.wait_until_settled();
  std::string const worker = haproxy.worker();
  Pair const stray = scene.issue();
  Haproxy::ask(haproxy.socket(),
               "set ssl cert " + name + " <<\n" + stray.leaf_pem + stray.key_pem + "\n");
  REQUIRE(Haproxy::ask(haproxy.socket(), "show ssl cert\n").find("*" + name) != std::string::npos);

  Pair const second = scene.issue();
  scene.offer(second);
  CHECK(daemon.ending_of(second.fingerprint).event == "committed");
  daemon.wait_for_text("has left a transaction open in haproxy; it is aborted: " + name);
  CHECK(look_at(haproxy.port()).fingerprint == second.fingerprint);
  CHECK(Haproxy::ask(haproxy.socket(), "show ssl cert\n").find('*') == std::string::npos);
  CHECK(haproxy.worker() == worker);
}

TEST_CASE("a pair that haproxy itself does not take is rolled back, with haproxy's own reason") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  Haproxy const haproxy({.certificate = scene.publish / "tls.crt", .security_level = 3});
  scene.hooks = haproxy.hook("retries = 0\n");
  scene.probes = haproxy.probe();
  Daemon& daemon = scene.run();
  daemon.wait_until_settled();
  std::string const worker = haproxy.worker();
  LookLoop client(haproxy.port());

  Pair const weak = scene.issue({.key = rsa(2048)});
  scene.offer(weak);
  LogLine const line = daemon.ending_of(weak.fingerprint);
  CHECK(line.event == "rolled_back");
  CHECK_MESSAGE(line.message.find("haproxy refuses the pair") != std::string::npos, line.message);
  CHECK(scene.published() == first.fingerprint);
  CHECK(Haproxy::ask(haproxy.socket(), "show ssl cert\n").find('*') == std::string::npos);

  Pair const good = scene.issue();
  scene.offer(good);
  CHECK(daemon.ending_of(good.fingerprint).event == "committed");
  CHECK(look_at(haproxy.port()).fingerprint == good.fingerprint);
  LookLoop::Tally const tally = client.stop();
  CHECK(tally.failures == std::vector<std::string>{});
  CHECK(tally.fingerprints == std::vector<std::string>{first.fingerprint, good.fingerprint});
  CHECK(haproxy.worker() == worker);
}

TEST_CASE("two certificates behind one haproxy change at once, and each gets its own") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  auto const other_source = scene.directory / "other-source";
  auto const other_publish = scene.directory / "other-publish";
  std::filesystem::create_directories(other_source);
  auto const offer_other = [&](Pair const& pair) {
    for (auto const& [name, text] : scene.contents(pair)) rename_over(other_source / name, text);
  };
  Pair const first_other = scene.issue({.names = {"other.internal"}});
  offer_other(first_other);
  REQUIRE(scene
              .command({"once", "--source", other_source, "--anchors",
                        scene.directory / "anchors.pem", "--publish", other_publish})
              .exit_code == 0);
  Haproxy const haproxy({.certificate = (scene.publish / "tls.crt").string() + " crt " +
                                        (other_publish / "tls.crt").string()});
  scene.hooks = haproxy.hook("retries = 0\n");
  scene.more = "[[certificate]]\nname = \"other\"\n[certificate.source]\ndirectory = \"" +
               other_source.string() + "\"\n[certificate.trust]\n" + scene.trust_keys +
               "[certificate.publish]\ndirectory = \"" + other_publish.string() + "\"\n" +
               haproxy.hook("retries = 0\n");
  Daemon& daemon = scene.run();
  daemon.wait_until_settled();
  std::string const worker = haproxy.worker();
  for (int turn = 0; turn < 5; ++turn) {
    Pair const next = scene.issue();
    Pair const next_other = scene.issue({.names = {"other.internal"}});
    offer_other(next_other);
    scene.offer(next);
    LogLine const ending = daemon.ending_of(next.fingerprint);
    CHECK_MESSAGE(ending.event == "committed", ending.message);
    CHECK(look_at(haproxy.port()).fingerprint == next.fingerprint);
    auto const loaded = [&] {
      return Haproxy::ask(haproxy.socket(),
                          "show ssl cert " + (other_publish / "tls.crt").string() + "\n");
    };
    wait_until("haproxy has the other one",
               [&] { return loaded().find(next_other.serial) != std::string::npos; });
  }
  CHECK_MESSAGE(haproxy.worker() == worker, reasons_of_reloads(daemon));
}
