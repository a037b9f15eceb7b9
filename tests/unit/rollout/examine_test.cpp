#include "rollout/examine.hpp"

#include <filesystem>

#include <doctest/doctest.h>

#include "support/pki.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using namespace certpivot::rollout;
using Found = Look::Found;

namespace {

/// A source directory with a pair that would be accepted, and what is known to be in force.
struct Scene {
  Scene() {
    settings.name = "web";
    settings.source.directory = directory.string();
    put(pair);
    directory.write("ca.crt", authority.pem());
  }
  void put(testing::Pair const& from) const {
    directory.write("tls.crt", from.certificate_pem);
    directory.write("tls.key", from.key_pem);
  }
  [[nodiscard]] Examination look() {
    return examine(settings, known, evidence, testing::from_now(Duration::zero()));
  }
  [[nodiscard]] bool refuses_with(Examination const& found, trust::Reason reason) const {
    for (trust::Refusal const& refusal : found.refusals)
      if (refusal.reason == reason) return true;
    return false;
  }

  testing::TempDirectory directory = testing::TempDirectory();
  testing::Authority authority = testing::Authority();
  testing::Pair pair = authority.issue();
  settings::Certificate settings = {};
  Known known = {};
  source::Evidence evidence = source::Evidence();
};

}  // namespace

TEST_CASE("a pair that every rule accepts is a candidate, bytes and all") {
  Scene scene;
  auto const found = scene.look();
  CHECK(found.look.found == Found::good);
  REQUIRE(found.candidate);
  CHECK(found.candidate->content().certificate == scene.pair.certificate_pem);
  CHECK(found.candidate->content().key == scene.pair.key_pem);
  CHECK(found.candidate->content().ca == scene.authority.pem());
  CHECK(found.leaf->fingerprint == scene.pair.fingerprint);
}

TEST_CASE("another further file that is asked for, or one less, is a new version") {
  Scene scene;
  scene.settings.publish.emplace().fullchain = "full.pem";
  scene.known.digest = scene.look().digest;
  CHECK(scene.look().look.found == Found::in_force);
  SUBCASE("one more") { scene.settings.publish->combined = "haproxy.pem"; }
  SUBCASE("another name") { scene.settings.publish->fullchain = "chain.pem"; }
  SUBCASE("none") { scene.settings.publish->fullchain.clear(); }
  auto const found = scene.look();
  CHECK(found.look.found == Found::good);
  REQUIRE(found.candidate);
  scene.known.digest = digest_of(found.candidate->content());
  CHECK(scene.look().look.found == Found::in_force);
}

TEST_CASE("a chain that is asked for and not there is nothing to wait for") {
  Scene scene;
  scene.settings.publish.emplace();
  scene.known.digest = scene.look().digest;
  scene.settings.publish->chain = "chain.pem";
  CHECK(scene.look().look.found == Found::in_force);
  scene.put(scene.authority.intermediate().issue());
  auto const found = scene.look();
  REQUIRE(found.candidate);
  CHECK(found.candidate->content().extras == std::vector<std::string>{"chain.pem"});
}

TEST_CASE("what is in force already is known by its content, whoever published it") {
  Scene scene;
  scene.known.digest = scene.look().digest;
  auto const found = scene.look();
  CHECK(found.look.found == Found::in_force);
  CHECK_FALSE(found.candidate);

  SUBCASE("and also where its chain had to be put in order") {
    auto const intermediate = scene.authority.intermediate();
    auto const chained = intermediate.issue();
    scene.put(chained);
    scene.directory.write("tls.crt", intermediate.pem() + chained.leaf_pem);
    auto const unordered = scene.look();
    CHECK(unordered.look.found == Found::good);
    scene.known.digest = unordered.digest;
    CHECK(scene.look().look.found == Found::in_force);
  }
  SUBCASE("and by the snapshot it was last seen as") {
    scene.known = {"another digest", found.snapshot_digest, {}};
    CHECK(scene.look().look.found == Found::in_force);
  }
}

TEST_CASE("what is in force already is judged all the same where that is asked for") {
  Scene scene;
  scene.known.digest = scene.look().digest;
  scene.settings.trust.names = {"elsewhere.internal"};
  CHECK(scene.look().refusals.empty());
  scene.known.anew = true;
  auto const found = scene.look();
  CHECK(found.look.found == Found::in_force);
  CHECK(found.digest == scene.known.digest);
  CHECK(scene.refuses_with(found, trust::Reason::name_missing));
}

TEST_CASE("what is in force already is known in every form that it may have in the source") {
  Scene scene;
  scene.known.digest = scene.look().digest;
  scene.settings.source.passphrase_file = scene.directory / "passphrase";
  scene.directory.write("passphrase", "secret\n");
  for (std::string const& key : {testing::der_of(scene.pair.key_pem),
                                 testing::encrypted_key(scene.pair.key_pem, "secret")}) {
    scene.directory.write("tls.key", key);
    CHECK(scene.look().look.found == Found::in_force);
  }
  scene.directory.write("tls.crt", testing::der_of(scene.pair.leaf_pem));
  scene.directory.write("ca.crt", testing::der_of(scene.authority.pem()));
  CHECK(scene.look().look.found == Found::in_force);
  scene.directory.write("passphrase", "guess\n");
  CHECK(scene.refuses_with(scene.look(), trust::Reason::wrong_passphrase));
}

TEST_CASE("what is in force is not refused because it has expired meanwhile") {
  Scene scene;
  scene.known.digest = scene.look().digest;
  auto const found = examine(scene.settings, scene.known, scene.evidence,
                             testing::from_now(std::chrono::hours(24 * 365 * 3)));
  CHECK(found.look.found == Found::in_force);
}

TEST_CASE("a source without its files, or without its directory, is absent") {
  Scene scene;
  std::filesystem::remove(scene.directory / "tls.crt");
  std::filesystem::remove(scene.directory / "tls.key");
  CHECK(scene.look().look.found == Found::absent);
  scene.settings.source.directory = (scene.directory / "nowhere").string();
  CHECK(scene.look().look.found == Found::absent);
}

TEST_CASE("a source without one of its files is incomplete, and says which") {
  Scene scene;
  std::filesystem::remove(scene.directory / "tls.key");
  auto const found = scene.look();
  CHECK(found.look.found == Found::incomplete);
  REQUIRE(found.refusals.size() == 1);
  CHECK(found.refusals.front().reason == trust::Reason::unreadable);
  CHECK(found.refusals.front().text.find("tls.key") != std::string::npos);
}

TEST_CASE("key and certificate of two issuances are incomplete, an expired pair is bad") {
  Scene scene;
  scene.directory.write("tls.key", scene.authority.issue().key_pem);
  auto const mixed = scene.look();
  CHECK(mixed.look.found == Found::incomplete);
  CHECK(scene.refuses_with(mixed, trust::Reason::key_mismatch));

  scene.put(scene.authority.issue({.not_before = testing::from_now(-std::chrono::hours(48)),
                                   .not_after = testing::from_now(-std::chrono::hours(1))}));
  auto const expired = scene.look();
  CHECK(expired.look.found == Found::bad);
  CHECK(scene.refuses_with(expired, trust::Reason::expired));
  CHECK(expired.look.version != mixed.look.version);
}

TEST_CASE("anchors that cannot be read refuse, with their path in the reason") {
  Scene scene;
  scene.settings.trust.anchors = (scene.directory / "gone.pem").string();
  auto const found = scene.look();
  CHECK(scene.refuses_with(found, trust::Reason::untrusted));
  CHECK(found.refusals.front().text.find("gone.pem") != std::string::npos);
}

TEST_CASE("anchors that were replaced count at the next look") {
  Scene scene;
  testing::Authority const other({.common_name = "Other CA"});
  scene.settings.trust.anchors = scene.directory.write("anchors.pem", other.pem()).string();
  CHECK(scene.look().look.found != Found::good);
  std::filesystem::remove(scene.directory / "anchors.pem");
  scene.directory.write("anchors.pem", other.pem() + scene.authority.pem());
  CHECK(scene.look().look.found == Found::good);
}
