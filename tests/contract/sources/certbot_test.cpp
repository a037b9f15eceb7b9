#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

TEST_CASE("certbot's live directory: five renewals arrive, though only links change") {
  Scene scene;
  Certbot certbot(scene.directory / "letsencrypt", "web.internal");
  auto const contents = [](Pair const& pair) {
    return Contents{{"fullchain", pair.certificate_pem}, {"privkey", pair.key_pem}};
  };
  scene.source_keys =
      "directory = \"" + certbot.live().string() +
      "\"\ncertificate = \"fullchain.pem\"\nkey = \"privkey.pem\"\ngrace = \"60s\"\n";
  scene.hooks = exec_hook({"/bin/true"});
  Pair const first = scene.issue();
  certbot.write(contents(first));
  Daemon& daemon = scene.run();
  CHECK(daemon.ending_of(first.fingerprint).event == "committed");
  for (int turn = 0; turn < 5; ++turn) {
    Pair const pair = scene.issue();
    certbot.write(contents(pair));
    CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
    CHECK(scene.published() == pair.fingerprint);
  }
  CHECK(daemon.all("refused").empty());
}
