#include <doctest/doctest.h>

#include "support/crl.hpp"
#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

/// A pair and a bundle of A in force, with anchors that let pairs of both verify.
struct Stage {
  explicit Stage(std::string const& more_publish = {}, std::string const& more_trust = {}) {
    scene.authority = a;
    scene.directory.write("anchors.pem", a.pem() + b.pem());
    scene.publish_keys += more_publish;
    scene.trust_keys += more_trust;
    first = scene.first_in_force();
  }
  void bundle(std::string const& text) const { rename_over(scene.source / "ca.crt", text); }
  [[nodiscard]] std::string published(unsigned generation) const {
    return read_file(scene.publish / "generations" / std::to_string(generation) / "ca.crt");
  }

  Authority a = Authority({.common_name = "A"});
  Authority b = Authority({.common_name = "B"});
  Scene scene = {};
  Pair first = {};
};

}  // namespace

TEST_CASE("a bundle without an anchor of the one in force is refused, unless any will do") {
  Stage stage;
  stage.bundle(stage.b.pem());
  CHECK(stage.scene.daemon().next("refused").reasons == "ca_without_overlap ca_orphans_leaf");
  CHECK(stage.scene.generation() == 1);
  CHECK(read_file(stage.scene.publish / "ca.crt") == stage.a.pem());

  stage.scene.trust_keys += "ca_rotation = \"any\"\n";
  Daemon& again = stage.scene.run();
  CHECK(again.next("refused").reasons == "ca_orphans_leaf");
  Pair const second = stage.b.issue();
  stage.scene.offer_files({{"tls.crt", second.certificate_pem}, {"tls.key", second.key_pem}});
  CHECK(again.ending_of(second.fingerprint).event == "committed");
}

TEST_CASE(
    "a bundle that lacks the anchor of the pair in force is refused, and cured by a new pair") {
  Stage stage;
  stage.bundle(stage.a.pem() + stage.b.pem());
  CHECK(stage.scene.daemon().next("committed").generation == 2);
  stage.bundle(stage.b.pem());
  CHECK(stage.scene.daemon().next("refused").reasons == "ca_orphans_leaf");
  CHECK(stage.published(2) == stage.a.pem() + stage.b.pem());
  CHECK(stage.scene.generation() == 2);

  Pair const second = stage.b.issue();
  stage.scene.offer_files({{"tls.crt", second.certificate_pem}, {"tls.key", second.key_pem}});
  CHECK(stage.scene.daemon().ending_of(second.fingerprint).event == "committed");
  CHECK(stage.scene.published() == second.fingerprint);
  CHECK(stage.scene.daemon().output().find((stage.scene.source / "ca.crt").string() +
                                           " no longer holds CN=A: published until") !=
        std::string::npos);
  CHECK(stage.published(3).find(stage.a.pem()) != std::string::npos);
}

TEST_CASE("where pair and bundle change at once, trust goes before the pair") {
  for (char const* const grace : {"24h", "0s"}) {
    CAPTURE(grace);
    Stage stage("ca_grace = \"" + std::string(grace) + "\"\n", "ca_rotation = \"any\"\n");
    Pair const second = stage.b.issue();
    std::filesystem::path const old_source = stage.scene.source;
    // At once: the whole directory is replaced.
    auto const next = stage.scene.directory.make("next");
    write_file(next / "tls.crt", second.certificate_pem);
    write_file(next / "tls.key", second.key_pem);
    write_file(next / "ca.crt", stage.b.pem());
    std::filesystem::rename(old_source, stage.scene.directory / "before");
    std::filesystem::rename(next, old_source);
    CHECK(stage.scene.daemon().ending_of(second.fingerprint).event == "committed");
    CHECK(stage.scene.generation() == 3);
    auto const leaf_of = [&](int generation) {
      return read_file(stage.scene.publish / "generations" / std::to_string(generation) /
                       "tls.crt");
    };
    CHECK(leaf_of(2) == stage.first.certificate_pem);
    CHECK(leaf_of(3) == second.certificate_pem);
    CHECK(stage.published(2).starts_with(stage.b.pem()));
    CHECK(stage.published(2).find(stage.a.pem()) != std::string::npos);
    bool const kept = std::string(grace) != "0s";
    CHECK((stage.published(3) == stage.b.pem()) == !kept);
  }
}

TEST_CASE("what is kept for the grace is remembered over a restart") {
  Stage stage("ca_grace = \"1h\"\n");
  stage.bundle(stage.a.pem() + stage.b.pem());
  CHECK(stage.scene.daemon().next("committed").generation == 2);
  Pair const second = stage.b.issue();
  stage.scene.offer_files({{"tls.crt", second.certificate_pem},
                           {"tls.key", second.key_pem},
                           {"ca.crt", stage.b.pem()}});
  CHECK(stage.scene.daemon().ending_of(second.fingerprint).event == "committed");
  CHECK(stage.scene.stop() == 0);
  std::string const before = read_file(stage.scene.publish / "ca.crt");
  CHECK(before.find(stage.a.pem()) != std::string::npos);
  unsigned const generation = stage.scene.generation();

  Daemon& again = stage.scene.run();
  again.wait_until_settled();
  CHECK(again.all("refused").empty());
  CHECK(again.all("accepted").empty());
  Pair const third = stage.b.issue();
  stage.scene.offer_files({{"tls.crt", third.certificate_pem}, {"tls.key", third.key_pem}});
  CHECK(again.ending_of(third.fingerprint).event == "committed");
  CHECK(stage.scene.generation() == generation + 1);
  CHECK(read_file(stage.scene.publish / "ca.crt") == before);
}

TEST_CASE("what is kept for the grace is remembered where the publish directory is emptied") {
  Stage stage("ca_grace = \"1h\"\n");
  Pair const second = stage.b.issue();
  Contents const both{{"tls.crt", second.certificate_pem},
                      {"tls.key", second.key_pem},
                      {"ca.crt", stage.a.pem() + stage.b.pem()}};
  stage.scene.offer_files(both);
  CHECK(stage.scene.daemon().ending_of(second.fingerprint).event == "committed");
  CHECK(stage.scene.stop() == 0);
  // As a tmpfs at the next boot; and the CA has changed while the machine was down.
  std::filesystem::remove_all(stage.scene.publish);
  stage.bundle(stage.b.pem());
  Daemon& again = stage.scene.run();
  CHECK(again.ending_of(second.fingerprint).event == "committed");
  std::string const published = read_file(stage.scene.publish / "ca.crt");
  CHECK(published.starts_with(stage.b.pem()));
  CHECK(published.find(stage.a.pem()) != std::string::npos);
  again.wait_for_text("no longer holds CN=A: published until");
}

TEST_CASE("an old pair that is revoked is not asked to prove the new trust") {
  Stage stage("", "ca_rotation = \"any\"\n");
  CHECK(stage.scene.stop() == 0);
  stage.scene.source_keys += "crl = \"ca.crl\"\n";
  stage.scene.trust_keys += "revocation = \"crl\"\n";
  rename_over(stage.scene.source / "ca.crl", crl(stage.a));
  Daemon& again = stage.scene.run();
  CHECK(again.next("committed").fingerprint == stage.first.fingerprint);
  rename_over(stage.scene.source / "ca.crl",
              crl(stage.a, {.entries = {{stage.first.serial}}, .number = 2}));
  CHECK(again.next("revoked").fingerprint == stage.first.fingerprint);
  auto const before = again.next("committed").generation;

  Pair const second = stage.b.issue();
  auto const next = stage.scene.directory.make("next");
  write_file(next / "tls.crt", second.certificate_pem);
  write_file(next / "tls.key", second.key_pem);
  write_file(next / "ca.crt", stage.a.pem() + stage.b.pem());
  write_file(next / "ca.crl",
             crl(stage.a, {.entries = {{stage.first.serial}}, .number = 3}) + crl(stage.b));
  std::filesystem::rename(stage.scene.source, stage.scene.directory / "before");
  std::filesystem::rename(next, stage.scene.source);
  CHECK(again.ending_of(second.fingerprint).generation == before + 1);
}

TEST_CASE("a bundle that disappears leaves the one in force") {
  Stage stage;
  std::filesystem::remove(stage.scene.source / "ca.crt");
  LogLine const refused = stage.scene.daemon().next("refused");
  CHECK(refused.reasons == "ca_without_overlap ca_orphans_leaf");
  CHECK(refused.message.find((stage.scene.source / "ca.crt").string() +
                             ": the CA bundle is gone") != std::string::npos);
  CHECK(read_file(stage.scene.publish / "ca.crt") == stage.a.pem());
}

TEST_CASE("a bundle that the configuration does without goes at once") {
  Stage stage;
  stage.scene.source_keys += "ca = \"\"\n";
  Daemon& again = stage.scene.run();
  CHECK(again.next("committed").generation == 2);
  CHECK_FALSE(std::filesystem::exists(stage.scene.publish / "ca.crt"));
}

TEST_CASE("a bundle is taken beside a pair that is refused, with the pair in force") {
  Stage stage;
  std::string const both = stage.a.pem() + stage.b.pem();
  Pair const expired = stage.a.issue({.not_before = from_now(-std::chrono::hours(2)),
                                      .not_after = from_now(-std::chrono::hours(1))});
  stage.scene.offer_files(
      {{"ca.crt", both}, {"tls.crt", expired.certificate_pem}, {"tls.key", expired.key_pem}});
  wait_until("the bundle is published",
             [&] { return read_file(stage.scene.publish / "ca.crt") == both; });
  CHECK(stage.scene.published() == stage.first.fingerprint);
  // The three files came one by one.
  CHECK(stage.scene.daemon().ending_of(expired.fingerprint).event == "refused");
}

TEST_CASE("an anchor that goes while the pair is refused is kept for the grace, and no longer") {
  Stage stage("ca_grace = \"1h\"\n");
  stage.bundle(stage.a.pem() + stage.b.pem());
  CHECK(stage.scene.daemon().next("committed").generation == 2);
  Pair const expired = stage.a.issue({.not_before = from_now(-std::chrono::hours(2)),
                                      .not_after = from_now(-std::chrono::hours(1))});
  stage.scene.offer_files({{"ca.crt", stage.a.pem()},
                           {"tls.crt", expired.certificate_pem},
                           {"tls.key", expired.key_pem}});
  wait_until("the bundle is published", [&] {
    return read_file(stage.scene.publish / "ca.crt").starts_with(stage.a.pem() + "# certpivot: ");
  });
  CHECK(stage.scene.published() == stage.first.fingerprint);
}

TEST_CASE("a bundle that the configuration does without stays away when the CRL changes") {
  Stage stage;
  stage.scene.source_keys += "ca = \"\"\ncrl = \"ca.crl\"\n";
  rename_over(stage.scene.source / "ca.crl", crl(stage.a));
  Daemon& daemon = stage.scene.run();
  CHECK(daemon.next("committed").generation == 2);
  CHECK_FALSE(std::filesystem::exists(stage.scene.publish / "ca.crt"));
  CHECK(daemon.all("refused").empty());
}

TEST_CASE("a bundle without an end of its last line is one more rollout when the grace is over") {
  Stage stage("ca_grace = \"1s\"\n");
  stage.bundle(stage.a.pem() + stage.b.pem());
  CHECK(stage.scene.daemon().next("committed").generation == 2);
  std::string const unended = stage.a.pem().substr(0, stage.a.pem().size() - 1);
  stage.bundle(unended);
  CHECK(stage.scene.daemon().next("committed").generation == 3);
  CHECK(stage.published(3).starts_with(stage.a.pem() + "# certpivot: kept until "));
  CHECK(stage.scene.daemon().next("committed").generation == 4);
  CHECK(stage.published(4) == stage.a.pem());

  Daemon& again = stage.scene.run();
  again.wait_until_settled();
  CHECK(again.all("accepted").empty());
  CHECK(stage.scene.generation() == 4);
}

TEST_CASE("a grace that is made shorter ends sooner") {
  Stage stage("ca_grace = \"24h\"\n");
  stage.bundle(stage.a.pem() + stage.b.pem());
  CHECK(stage.scene.daemon().next("committed").generation == 2);
  stage.bundle(stage.a.pem());
  CHECK(stage.scene.daemon().next("committed").generation == 3);
  CHECK(stage.published(3).find(stage.b.pem()) != std::string::npos);
  auto const at = stage.scene.publish_keys.find("24h");
  stage.scene.publish_keys.replace(at, 3, "1s");
  Daemon& again = stage.scene.run();
  again.wait_for_text("CN=B leaves the CA bundle: publish.ca_grace is over");
  wait_until("only A is left",
             [&] { return read_file(stage.scene.publish / "ca.crt") == stage.a.pem(); });
}
