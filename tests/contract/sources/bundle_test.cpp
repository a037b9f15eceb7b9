#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

TEST_CASE("one file with key and chain arrives, whichever stands first") {
  Scene scene;
  scene.source_keys = "directory = \"" + scene.source.string() +
                      "\"\nbundle = \"credentials.pem\"\ngrace = \"60s\"\n";
  scene.hooks = exec_hook({"/bin/true"});
  Daemon& daemon = scene.run();
  for (int turn = 0; turn < 5; ++turn) {
    Pair const pair = scene.issue();
    rewrite_in_place(scene.source / "credentials.pem", turn % 2 == 0
                                                           ? pair.key_pem + pair.certificate_pem
                                                           : pair.certificate_pem + pair.key_pem);
    CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
    CHECK(scene.published() == pair.fingerprint);
    // What servers read as certificates holds no key.
    CHECK(read_file(scene.publish / "current" / "tls.crt").find("PRIVATE") == std::string::npos);
  }
}
