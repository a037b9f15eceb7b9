#include <doctest/doctest.h>

#include "support/haproxy.hpp"
#include "support/recipe.hpp"
#include "support/scene.hpp"
#include "support/tls_look.hpp"

using namespace certpivot::testing;

namespace {

constexpr char const* api_line = "socket = \"/run/haproxy/admin.sock\"\n";

/// The recipe's whole day: five rotations, a new CA, a broken pair, a pair that haproxy refuses.
void run_recipe(std::string text) {
  Scene scene;
  AtomicWriter volume(scene.source);
  Pair const first = scene.issue();
  volume.write(scene.contents(first));
  put(text, "/mnt/certs/web", scene.source);
  put(text, "/run/certs/web", scene.publish);
  put(text, "/etc/pki/internal-ca.pem", scene.directory / "anchors.pem");
  REQUIRE(scene.command({"once", "--source", scene.source, "--publish", scene.publish}).exit_code ==
          0);
  Haproxy const haproxy({.certificate = scene.publish / "tls.crt",
                         .ca = scene.publish / "ca.crt",
                         .security_level = 3});
  put(text, "/run/haproxy/admin.sock", haproxy.socket());
  put(text, "/run/haproxy-master.sock", haproxy.master_socket());
  put(text, "/etc/haproxy/haproxy.cfg", haproxy.config());
  put(text, "127.0.0.1:443", "127.0.0.1:" + std::to_string(haproxy.port()));
  std::string const agent = "[agent]\nstate = \"" + (scene.directory / "state").string() +
                            "\"\nlog = { format = \"json\" }\n\n";
  Daemon daemon(scene.directory.write("haproxy.toml", agent + text));
  daemon.wait_until_settled();
  LookLoop client(haproxy.port(), &first);
  std::vector<std::string> served{first.fingerprint};
  auto const rotate = [&](Contents contents, Pair const& next) {
    volume.write(contents);
    CHECK(daemon.ending_of(next.fingerprint).event == "committed");
    CHECK(look_at(haproxy.port(), &first).fingerprint == next.fingerprint);
    served.push_back(next.fingerprint);
    wait_until("the client was served the new one",
               [&] { return client.seen().fingerprints.size() == served.size(); });
  };
  for (int turn = 0; turn < 5; ++turn) {
    Pair const next = scene.issue();
    rotate(scene.contents(next), next);
  }

  certpivot::testing::Authority const other;
  Pair const after = scene.issue();
  Contents both = scene.contents(after);
  both["ca.crt"] += other.pem();
  rotate(both, after);
  Pair const stranger = other.issue();
  CHECK(look_at(haproxy.port(), &stranger).status == "200");

  Contents broken = scene.contents(scene.issue());
  broken["tls.key"] = scene.issue().key_pem;
  broken["ca.crt"] = both["ca.crt"];
  volume.write(broken);
  CHECK(daemon.next("refused").reasons.find("key_mismatch") != std::string::npos);

  Pair const weak = scene.issue({.key = rsa(2048)});
  Contents refused = scene.contents(weak);
  refused["ca.crt"] = both["ca.crt"];
  volume.write(refused);
  CHECK(daemon.ending_of(weak.fingerprint).event == "rolled_back");
  CHECK(look_at(haproxy.port(), &first).fingerprint == after.fingerprint);

  LookLoop::Tally const tally = client.stop();
  CHECK(tally.failures == std::vector<std::string>{});
  CHECK(tally.fingerprints == served);
  CHECK(daemon.stop() == 0);
  for (auto const* key : {&first.key_pem, &after.key_pem, &weak.key_pem})
    CHECK_FALSE(holds_key_bytes(daemon.output(), *key));
}

}  // namespace

TEST_CASE("the recipe for haproxy works as written: by the API, and no client sees a failure") {
  run_recipe(recipe("haproxy.toml"));
}

TEST_CASE("the recipe for haproxy without its socket reloads, and no client sees a failure") {
  std::string text = recipe("haproxy.toml");
  put(text, api_line, "");
  run_recipe(text);
}
