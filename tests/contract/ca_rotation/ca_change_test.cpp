#include <algorithm>

#include <doctest/doctest.h>

#include "support/client_loop.hpp"
#include "support/nginx.hpp"
#include "support/postgres.hpp"
#include "support/scene.hpp"
#include "support/tls_look.hpp"

using namespace certpivot::testing;

// A server and its client, each with a pair and a bundle of its own that certpivot publishes, go
// from one CA to another while the client connects without pause: bundle, pairs, bundle.

namespace {

/// The scene's certificate "web" is the server's; this is the other one.
struct Client {
  explicit Client(Scene& of) : scene(of) {
    scene.directory.make("client-source");
    scene.more = "[[certificate]]\nname = \"client\"\n[certificate.source]\ndirectory = \"" +
                 source.string() + "\"\ngrace = \"500ms\"\n[certificate.trust]\nanchors = \"" +
                 (scene.directory / "anchors.pem").string() +
                 "\"\npurpose = \"client\"\n[certificate.publish]\ndirectory = \"" +
                 publish.string() + "\"\nca_grace = \"1s\"\nkey_mode = \"0600\"\n" +
                 exec_hook({"/bin/true"});
  }

  /// The generation in force, found once: what is read below it belongs together.
  [[nodiscard]] std::filesystem::path generation() const {
    return publish / std::filesystem::read_symlink(publish / "current");
  }

  Scene& scene;
  std::filesystem::path source = scene.directory / "client-source";
  std::filesystem::path publish = scene.directory / "client-publish";
};

void offer(std::filesystem::path const& source, Pair const& pair, std::string const& bundle) {
  rename_over(source / "ca.crt", bundle);
  rename_over(source / "tls.crt", pair.certificate_pem);
  rename_over(source / "tls.key", pair.key_pem);
}

void wait_for_bundle(std::filesystem::path const& publish, std::string const& bundle) {
  wait_until("ca.crt is the bundle", [&] { return read_file(publish / "ca.crt") == bundle; });
}

/// Both sides go from A to B. `loop` is the client's, `scene` runs.
void change_authority(Scene& scene, Client const& client, Authority const& a, Authority const& b,
                      ClientLoop const& loop) {
  Daemon& daemon = scene.daemon();
  std::string const both = a.pem() + b.pem();
  loop.wait_for(5);
  for (auto const& source : {scene.source, client.source}) rename_over(source / "ca.crt", both);
  for (auto const& publish : {scene.publish, client.publish}) wait_for_bundle(publish, both);
  loop.wait_for(5);

  Pair const server_pair = b.issue();
  Pair const client_pair = b.issue({.purpose = Purpose::client});
  offer(scene.source, server_pair, both);
  CHECK(daemon.ending_of(server_pair.fingerprint).event == "committed");
  loop.wait_for(5);
  offer(client.source, client_pair, both);
  CHECK(daemon.ending_of(client_pair.fingerprint).event == "committed");
  loop.wait_for(5);

  for (auto const& source : {scene.source, client.source}) rename_over(source / "ca.crt", b.pem());
  daemon.wait_for_text("no longer holds CN=A: published until");
  for (auto const& publish : {scene.publish, client.publish}) wait_for_bundle(publish, b.pem());
  daemon.wait_for_text("CN=A leaves the CA bundle: publish.ca_grace is over");
  // The fifth: first, both bundles, the pair, B's bundle with A kept, and without it.
  wait_until("both have dropped A", [&] {
    auto const committed = daemon.all("committed");
    return std::count_if(committed.begin(), committed.end(),
                         [](LogLine const& line) { return line.generation == 5; }) == 2;
  });
  loop.wait_for(5);
}

struct Stage {
  Stage() {
    scene.authority = a;
    scene.directory.write("anchors.pem", a.pem() + b.pem());
    scene.publish_keys += "ca_grace = \"1s\"\nkey_mode = \"0600\"\n";
    offer(scene.source, server_pair, a.pem());
    offer(client.source, client_pair, a.pem());
  }
  /// Something to start a server with.
  void publish_first() {
    Outcome const outcome = scene.command({"once", "-c", scene.config()});
    REQUIRE_MESSAGE(outcome.exit_code == 0, outcome.err);
  }
  Authority a = Authority({.common_name = "A"});
  Authority b = Authority({.common_name = "B"});
  Pair server_pair = a.issue();
  Pair client_pair = a.issue({.purpose = Purpose::client});
  Scene scene = {};
  Client client = Client(scene);
};

}  // namespace

TEST_CASE("nginx and its client change their CA, and not one handshake fails") {
  Stage stage;
  Scene& scene = stage.scene;
  stage.publish_first();
  Nginx nginx({.publish = scene.publish, .client_certificates = true});
  scene.hooks = nginx.hook();
  scene.probes = nginx.probe("present = true\n");
  scene.run();

  ClientLoop loop([&]() -> std::string {
    auto const at = stage.client.generation();
    Pair const own{.leaf_pem = read_file(at / "tls.crt"), .key_pem = read_file(at / "tls.key")};
    Look const look = look_at(nginx.port(), &own, read_file(at / "ca.crt"));
    return look.failure.empty() && look.status != "200" ? "status " + look.status : look.failure;
  });
  change_authority(scene, stage.client, stage.a, stage.b, loop);
  CHECK(loop.stop() == std::vector<std::string>{});
  // Now the old CA's certificates are strangers, to the server as to the client.
  CHECK(look_at(nginx.port(), &stage.client_pair).status == "400");
  CHECK(look_at(nginx.port(), nullptr, stage.a.pem()).failure != "");
}

TEST_CASE("PostgreSQL and its client change their CA, and not one connection fails") {
  Stage stage;
  Scene& scene = stage.scene;
  scene.publish_keys += "owner = \"" + Postgres::account() + "\"\n";
  stage.publish_first();
  auto const current = scene.publish / "current";
  Postgres const postgres({.certificate = current / "tls.crt",
                           .key = current / "tls.key",
                           .ca = current / "ca.crt",
                           .client_certificates = true});
  scene.hooks = "[[certificate.hook]]\ntype = \"signal\"\nsignal = \"HUP\"\npidfile = \"" +
                postgres.pidfile() + "\"\n";
  scene.run();

  auto const connect = [&](std::filesystem::path const& at) -> std::string {
    Outcome const outcome = postgres.query(
        {.anchors = at / "ca.crt", .certificate = at / "tls.crt", .key = at / "tls.key"});
    return outcome.exit_code == 0 && outcome.out == "1\n" ? "" : outcome.err;
  };
  std::filesystem::path const old = scene.directory.make("old");
  std::filesystem::copy(stage.client.generation(), old);
  ClientLoop loop([&] { return connect(stage.client.generation()); });
  change_authority(scene, stage.client, stage.a, stage.b, loop);
  CHECK(loop.stop() == std::vector<std::string>{});
  wait_until("the old client is a stranger", [&] { return !connect(old).empty(); });
}
