#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

TEST_CASE("certificate and key at absolute paths in two directories arrive, either first") {
  Scene scene;
  auto const certificate = scene.directory.make("certs") / "web.pem";
  auto const key = scene.directory.make("private") / "web.key";
  scene.source_keys = "certificate = \"" + certificate.string() + "\"\nkey = \"" + key.string() +
                      "\"\ngrace = \"60s\"\n";
  scene.hooks = exec_hook({"/bin/true"});
  Daemon& daemon = scene.run();
  for (int turn = 0; turn < 5; ++turn) {
    Pair const pair = scene.issue();
    bool const key_first = turn % 2 == 0;
    if (key_first) rename_over(key, pair.key_pem);
    let_it_be_seen();
    rename_over(certificate, pair.certificate_pem);
    let_it_be_seen();
    if (!key_first) rename_over(key, pair.key_pem);
    CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
    CHECK(scene.published() == pair.fingerprint);
  }
  CHECK(daemon.all("refused").empty());
}
