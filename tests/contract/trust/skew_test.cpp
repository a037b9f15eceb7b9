#include <doctest/doctest.h>

#include "base/units.hpp"
#include "support/crl.hpp"
#include "support/scene.hpp"

using namespace certpivot::testing;
using namespace std::chrono_literals;

TEST_CASE("a pair that begins within the skew waits, and goes live when it is due") {
  Scene scene;
  scene.source_keys += "poll = \"1h\"\n";
  scene.trust_keys += "skew = \"1h\"\n";
  scene.hooks = exec_hook({"/bin/true"});
  Daemon& daemon = scene.run();
  Pair const early = scene.issue({.not_before = from_now(2s)});
  scene.offer(early);
  daemon.wait_for_text("waiting to publish it: CN=test leaf is valid from");
  CHECK(scene.generation() == 0);
  CHECK(daemon.ending_of(early.fingerprint).event == "committed");
  CHECK(certpivot::testing::from_now(0s) >= early.not_before);
  CHECK(daemon.all("refused").empty());
}

TEST_CASE("a CRL beside a pair that waits goes at once") {
  Scene scene;
  scene.source_keys += "crl = \"ca.crl\"\n";
  scene.trust_keys += "skew = \"1h\"\n";
  rename_over(scene.source / "ca.crl", crl(scene.authority));
  Pair const first = scene.first_in_force();
  scene.offer(scene.issue({.not_before = from_now(30min)}));
  Daemon& daemon = scene.daemon();
  daemon.wait_for_text("waiting to publish it");
  std::string const next = crl(scene.authority, {.number = 2});
  rename_over(scene.source / "ca.crl", next);
  CHECK(daemon.next("committed").fingerprint == first.fingerprint);
  CHECK(read_file(scene.publish / "ca.crl") == next);
  CHECK(scene.published() == first.fingerprint);
}

TEST_CASE("a pair that begins beyond the skew is refused") {
  Scene scene;
  scene.trust_keys += "skew = \"1m\"\n";
  scene.hooks = exec_hook({"/bin/true"});
  Daemon& daemon = scene.run();
  Pair const early = scene.issue({.not_before = from_now(10min)});
  scene.offer(early);
  CHECK(daemon.ending_of(early.fingerprint).reasons == "not_yet_valid");
}

TEST_CASE("check without a configuration warns of what is to be waited for") {
  Scene scene;
  Pair const early = scene.issue({.not_before = from_now(10min)});
  scene.offer(early);
  auto const anchors = scene.directory.write("anchors.pem", scene.authority.pem());
  Outcome const checked =
      scene.command({"check", "--source", scene.source, "--anchors", anchors, "--skew", "15m"});
  CHECK(checked.exit_code == 1);
  CHECK(checked.out.find(": warning, accepted") != std::string::npos);
  CHECK(checked.out.find("not valid before " + certpivot::to_rfc3339_seconds(early.not_before)) !=
        std::string::npos);
}

TEST_CASE("check and once say what is waited for") {
  Scene scene;
  scene.trust_keys += "skew = \"1h\"\n";
  scene.hooks = exec_hook({"/bin/true"});
  scene.offer(scene.issue({.not_before = from_now(10min)}));
  Outcome const checked = scene.command({"check", "-c", scene.config()});
  CHECK(checked.exit_code == 0);
  CHECK(checked.out.find("wait until ") != std::string::npos);
  Outcome const once = scene.command({"once", "-c", scene.config(), "--timeout", "100ms"});
  CHECK(once.exit_code == 75);
  CHECK(once.err.find("is valid from ") != std::string::npos);
}
