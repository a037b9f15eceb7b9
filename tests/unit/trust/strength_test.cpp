#include <doctest/doctest.h>

#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using testing::Authority;
using testing::Pair;
using Reasons = std::vector<Reason>;

TEST_CASE("strength: keys at the least size pass, smaller ones are refused once") {
  Authority const root;
  struct {
    testing::KeyKind key;
    unsigned min_rsa;
    unsigned min_ec;
    std::size_t refused;
  } const cases[] = {
      {testing::rsa(2048), 2048, 256, 0},
      {testing::rsa(2048), 2049, 256, 1},
      {testing::rsa(2047), 2048, 256, 1},
      {testing::rsa_pss(2048), 2048, 256, 0},
      {testing::rsa_pss(2047), 2048, 256, 1},
      {testing::p256, 2048, 256, 0},
      {testing::p256, 2048, 257, 1},
      {testing::p224, 2048, 256, 1},
      {testing::p384, 2048, 384, 0},
      {testing::ed25519, 9000, 571, 0},
      {testing::ed448, 9000, 571, 0},
      // Less than servers on Debian take stays refused, whatever the configuration asks for.
      {testing::rsa(1024), 1024, 256, 1},
  };
  for (auto const& one : cases) {
    Pair const pair = root.issue({.key = one.key});
    Sample sample{.certificate = pair.leaf_pem, .key = pair.key_pem, .anchors = root.pem()};
    sample.rules.min_rsa_bits = one.min_rsa;
    sample.rules.min_ec_bits = one.min_ec;
    CAPTURE(said(judged(sample)));
    CHECK(reasons(sample) == Reasons(one.refused, Reason::weak_key));
  }
}

TEST_CASE(
    "strength: certificates between leaf and anchor count, the anchor only as servers have it") {
  struct {
    testing::KeyKind root;
    testing::KeyKind intermediate;
    std::size_t refused;
  } const cases[] = {
      {testing::p256, testing::rsa(2048), 0}, {testing::p256, testing::rsa(2047), 1},
      {testing::p256, testing::p224, 1},      {testing::p224, testing::p256, 0},
      {testing::rsa(2048), testing::p256, 0}, {testing::rsa(1024), testing::p256, 1}};
  for (auto const& one : cases) {
    Authority const root({.common_name = "Root", .key = one.root});
    Authority const above = root.intermediate({.common_name = "Above", .key = one.intermediate});
    Pair const pair = above.issue();
    Sample const sample{
        .certificate = pair.certificate_pem, .key = pair.key_pem, .anchors = root.pem()};
    CAPTURE(said(judged(sample)));
    CHECK(reasons(sample) == Reasons(one.refused, Reason::weak_key));
  }
}

TEST_CASE(
    "strength: a key of a kind that TLS has no signatures for is refused as certificate and as "
    "key") {
  Authority const root;
  Pair const pair = root.issue({.key = testing::dsa(1024)});
  Verdict const verdict =
      judged({.certificate = pair.leaf_pem, .key = pair.key_pem, .anchors = root.pem()});
  CHECK(reasons(verdict) == Reasons{Reason::malformed_key, Reason::weak_key});
  CHECK(says(verdict, "the key of CN=test leaf is of a kind that TLS has no signatures for, DSA"));
}

TEST_CASE(
    "strength: a curve that TLS 1.3 has no name for is refused, and a warning where any purpose "
    "is right") {
  using settings::Purpose;
  Authority const root;
  struct {
    testing::KeyKind key;
    Purpose purpose;
    std::size_t refused;
    bool said;
  } const cases[] = {{testing::secp256k1, Purpose::server, 1, true},
                     {testing::secp256k1, Purpose::any, 0, true},
                     {testing::brainpool, Purpose::server, 1, true},
                     {testing::brainpool, Purpose::any, 0, true},
                     {testing::p224, Purpose::server, 1, true},
                     {testing::p224, Purpose::any, 0, true},
                     {testing::p256, Purpose::server, 0, false},
                     {testing::p384, Purpose::server, 0, false},
                     {testing::p521, Purpose::server, 0, false},
                     {testing::rsa(2048), Purpose::server, 0, false}};
  for (auto const& one : cases) {
    Pair const pair = root.issue({.key = one.key});
    Sample sample{.certificate = pair.leaf_pem, .key = pair.key_pem, .anchors = root.pem()};
    sample.rules.min_ec_bits = 224;
    sample.rules.purpose = one.purpose;
    Verdict const verdict = judged(sample);
    CAPTURE(said(verdict));
    CHECK(reasons(verdict) == Reasons(one.refused, Reason::weak_key));
    CHECK(says(verdict, "is on a curve that TLS 1.3 does not use") == one.said);
  }
}

TEST_CASE("strength: ML-DSA keys are accepted, where the OpenSSL at hand knows them" *
          doctest::skip(!testing::knows_algorithm("ML-DSA-65"))) {
  Authority const root({.key = testing::ml_dsa_65});
  Pair const pair = root.issue({.key = testing::ml_dsa_65});
  CHECK(reasons({.certificate = pair.leaf_pem, .key = pair.key_pem, .anchors = root.pem()}) ==
        Reasons{});
}

TEST_CASE("signature: SHA-1 and MD5 are refused everywhere but on the anchor") {
  for (auto const& [digest, algorithm] :
       {std::pair<std::string, std::string>("SHA1", "sha1WithRSAEncryption"),
        std::pair<std::string, std::string>("MD5", "md5WithRSAEncryption")}) {
    Authority const old_root({.common_name = "Root", .key = testing::rsa(2048), .digest = digest});
    Pair const fine = old_root.issue();
    CHECK(reasons({.certificate = fine.leaf_pem, .key = fine.key_pem, .anchors = old_root.pem()}) ==
          Reasons{});
    Pair const leaf = old_root.issue({.digest = digest});
    CHECK(reasons({.certificate = leaf.leaf_pem, .key = leaf.key_pem, .anchors = old_root.pem()}) ==
          Reasons{Reason::weak_signature});
    Authority const above = old_root.intermediate({.common_name = "Above", .digest = digest});
    Pair const below = above.issue();
    Sample sample{
        .certificate = below.certificate_pem, .key = below.key_pem, .anchors = old_root.pem()};
    Verdict const verdict = judged(sample);
    CHECK(reasons(verdict) == Reasons{Reason::weak_signature});
    CHECK(says(verdict, "the signature on CN=Above, " + algorithm));
    sample.anchors = above.pem();
    CHECK(reasons(sample) == Reasons{});
    Pair const alone = testing::self_signed({.key = testing::rsa(2048), .digest = digest});
    CHECK(
        reasons({.certificate = alone.leaf_pem, .key = alone.key_pem, .anchors = alone.leaf_pem}) ==
        Reasons{});
  }
}

TEST_CASE("signature: RSA-PSS with SHA-1 is refused, with SHA-256 it is not") {
  Authority const root({.common_name = "Root", .key = testing::rsa_pss(2048)});
  for (auto const& [digest, refused] : {std::pair("SHA1", true), std::pair("SHA256", false)}) {
    Pair const pair = root.issue({.digest = digest});
    CHECK(reasons({.certificate = pair.leaf_pem, .key = pair.key_pem, .anchors = root.pem()}) ==
          Reasons(refused ? 1 : 0, Reason::weak_signature));
  }
}
