#include <doctest/doctest.h>

#include "contract/hooks/behind_haproxy.hpp"
#include "support/haproxy.hpp"
#include "support/scene.hpp"
#include "support/tls_look.hpp"

using namespace certpivot::testing;

namespace {

constexpr char const* reloaded = "haproxy is reloaded, because its API cannot do it";

/// One rotation that the API cannot do: what the daemon said about it.
std::string reason_of_reload(Scene& scene, Haproxy const& haproxy, Pair const& next) {
  Daemon& daemon = scene.run();
  daemon.wait_until_settled();
  std::string const worker = haproxy.worker();
  scene.offer(next);
  LogLine const ending = daemon.ending_of(next.fingerprint);
  CHECK_MESSAGE(ending.event == "committed", ending.message);
  CHECK(look_at(haproxy.port()).fingerprint == next.fingerprint);
  CHECK(haproxy.worker() != worker);
  CHECK(haproxy.processes().find("[failed: 0]") != std::string::npos);
  for (LogLine const& line : daemon.lines())
    if (line.message.find(reloaded) != std::string::npos) return line.message;
  return {};
}

}  // namespace

TEST_CASE("a new CA bundle reaches haproxy by a reload, and the API goes on after it") {
  BehindHaproxy behind;
  Scene& scene = behind.scene;
  Daemon& daemon = behind.daemon;
  Haproxy const& haproxy = behind.haproxy;
  Pair const& first = behind.first;
  std::string const worker = haproxy.worker();
  LookLoop client(haproxy.port(), &first);

  certpivot::testing::Authority const other;
  Pair const stranger = other.issue();
  CHECK(look_at(haproxy.port(), &stranger).status.empty());
  Pair const second = scene.issue();
  Contents both = scene.contents(second);
  both["ca.crt"] += other.pem();
  scene.offer_files(both);
  CHECK(daemon.ending_of(second.fingerprint).event == "committed");
  daemon.wait_for_text(std::string(reloaded) + ": the CA bundle has changed");
  wait_until("the other authority's clients are served",
             [&] { return look_at(haproxy.port(), &stranger).status == "200"; });
  std::string const next_worker = haproxy.worker();
  CHECK(next_worker != worker);

  Pair const third = scene.issue();
  both = scene.contents(third);
  both["ca.crt"] += other.pem();
  scene.offer_files(both);
  CHECK(daemon.ending_of(third.fingerprint).event == "committed");
  CHECK(haproxy.worker() == next_worker);
  CHECK(look_at(haproxy.port(), &stranger).fingerprint == third.fingerprint);
  CHECK(client.stop().failures == std::vector<std::string>{});
}

TEST_CASE("a stats socket that is gone, or lets nobody change certificates, means a reload") {
  Scene scene;
  scene.publish_first(scene.issue());
  std::string level = "admin";
  SUBCASE("gone") {}
  SUBCASE("no permission") { level = "operator"; }
  Haproxy const haproxy({.certificate = scene.publish / "tls.crt", .level = level});
  if (level == "admin") std::filesystem::remove(haproxy.socket());
  scene.hooks = haproxy.hook();
  scene.probes = haproxy.probe();
  std::string const reason = reason_of_reload(scene, haproxy, scene.issue());
  CHECK(reason.find(level == "admin" ? haproxy.socket() : "Permission denied") !=
        std::string::npos);
}

TEST_CASE("a pair that does not fit into haproxy's buffer means a reload") {
  Scene scene;
  scene.publish_first(scene.issue());
  Haproxy const haproxy({.certificate = scene.publish / "tls.crt"});
  scene.hooks = haproxy.hook();
  scene.probes = haproxy.probe();
  LeafOptions options;
  for (int number = 0; number < 500; ++number)
    options.names.push_back("a-rather-long-name-" + std::to_string(number) + ".internal");
  std::string const reason = reason_of_reload(scene, haproxy, scene.issue(options));
  CHECK(reason.find("too large") != std::string::npos);
}

TEST_CASE("where haproxy's name does not lead to the published files, it is reloaded") {
  Scene scene;
  scene.publish_first(scene.issue());
  // A name that leads there for haproxy alone: relative to its working directory.
  Haproxy const haproxy(
      {.certificate =
           (scene.publish / "tls.crt").lexically_relative(std::filesystem::current_path())});
  scene.hooks = haproxy.hook();
  scene.hooks.erase(scene.hooks.find("config = "));  // haproxy -c runs elsewhere
  scene.probes = haproxy.probe();
  std::string const reason = reason_of_reload(scene, haproxy, scene.issue());
  CHECK(reason.find("haproxy has not loaded") != std::string::npos);
}

TEST_CASE("a reload that haproxy's master cannot do is a failure, and the old worker serves on") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  Haproxy const haproxy({.certificate = scene.publish / "tls.crt", .security_level = 3});
  scene.hooks = "[[certificate.hook]]\ntype = \"haproxy\"\nretries = 0\nmaster_socket = \"" +
                haproxy.master_socket() + "\"\n";
  scene.probes = haproxy.probe();
  Daemon& daemon = scene.run();
  daemon.wait_until_settled();
  LookLoop client(haproxy.port());
  Pair const weak = scene.issue({.key = rsa(2048)});
  scene.offer(weak);
  LogLine const line = daemon.ending_of(weak.fingerprint);
  CHECK(line.event == "rolled_back");
  CHECK(line.message.find("keeps serving the old ones") != std::string::npos);
  CHECK(line.message.find("[failed: 1]") != std::string::npos);
  CHECK(scene.published() == first.fingerprint);
  CHECK(haproxy.processes().find("[failed: 0]") != std::string::npos);  // by the rollback's reload
  LookLoop::Tally const tally = client.stop();
  CHECK(tally.failures == std::vector<std::string>{});
  CHECK(tally.fingerprints == std::vector<std::string>{first.fingerprint});
}

TEST_CASE("a haproxy that is not there stops a rotation before the pivot") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  std::string socket;
  {
    Haproxy const haproxy({.certificate = scene.publish / "tls.crt"});
    socket = haproxy.master_socket();
  }
  scene.hooks =
      "[[certificate.hook]]\ntype = \"haproxy\"\nretries = 0\nmaster_socket = \"" + socket + "\"\n";
  Daemon& daemon = scene.run();
  Pair const second = scene.issue();
  scene.offer(second);
  LogLine const line = daemon.ending_of(second.fingerprint);
  CHECK(line.event == "failed");
  CHECK(line.message.find(socket) != std::string::npos);
  CHECK(scene.published() == first.fingerprint);
}
