#include <sstream>

#include <doctest/doctest.h>

#include "support/nginx.hpp"
#include "support/recipe.hpp"
#include "support/scene.hpp"
#include "support/tls_look.hpp"

using namespace certpivot::testing;

namespace {

/// The arguments of the `certpivot once` that the recipe has run before nginx.
std::vector<std::string> first_placement(std::string const& text) {
  std::string const program = "ExecStartPre=/usr/bin/certpivot ";
  auto const at = text.find(program);
  REQUIRE(at != std::string::npos);
  std::istringstream words(
      text.substr(at + program.size(), text.find('\n', at) - at - program.size()));
  std::vector<std::string> all;
  for (std::string word; words >> word;) all.push_back(word);
  return all;
}

}  // namespace

TEST_CASE("the recipe for nginx works as written: first pair, a rotation, a broken pair refused") {
  Scene scene;
  AtomicWriter volume(scene.source);
  Pair const first = scene.issue();
  volume.write(scene.contents(first));
  std::string text = recipe("nginx.toml");
  put(text, "/mnt/certs/web", scene.source);
  put(text, "/run/certs/web", scene.publish);
  put(text, "/etc/pki/internal-ca.pem", scene.directory / "anchors.pem");
  REQUIRE(scene.command(first_placement(text)).exit_code == 0);
  CHECK(scene.published() == first.fingerprint);

  Nginx nginx({.publish = scene.publish, .fixed_names = true, .client_certificates = true});
  put(text, "127.0.0.1:443", "127.0.0.1:" + std::to_string(nginx.port()));
  put(text, "# config = \"/etc/nginx-edge/nginx.conf\"", "config = \"" + nginx.config() + "\"");
  put(text, "# pidfile = \"/run/nginx-edge.pid\"", "pidfile = \"" + nginx.pidfile() + "\"");
  std::string const agent = "[agent]\nstate = \"" + (scene.directory / "state").string() +
                            "\"\nlog = { format = \"json\" }\n\n";
  Daemon daemon(scene.directory.write("nginx.toml", agent + text));
  daemon.wait_until_settled();
  CHECK(look_at(nginx.port(), &first).fingerprint == first.fingerprint);

  Pair const second = scene.issue();
  volume.write(scene.contents(second));
  CHECK(daemon.ending_of(second.fingerprint).event == "committed");
  Look const look = look_at(nginx.port(), &second);
  CHECK(look.fingerprint == second.fingerprint);
  CHECK(look.status == "200");
  CHECK(std::filesystem::status(scene.publish / "tls.key").permissions() ==
        std::filesystem::perms(0600));

  auto const workers = nginx.workers();
  Contents broken = scene.contents(scene.issue());
  broken["tls.key"] = scene.issue().key_pem;
  volume.write(broken);
  CHECK(daemon.next("refused").reasons.find("key_mismatch") != std::string::npos);
  CHECK(scene.published() == second.fingerprint);
  CHECK(nginx.workers() == workers);
  CHECK(look_at(nginx.port(), &second).fingerprint == second.fingerprint);
  CHECK(daemon.stop() == 0);
  CHECK_FALSE(holds_key_bytes(daemon.output(), second.key_pem));
}
