#include <doctest/doctest.h>

#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using settings::Purpose;
using testing::Authority;
using testing::Pair;
using Reasons = std::vector<Reason>;

TEST_CASE("purpose: server, client, both and any ask for what they say") {
  Good const good;
  struct {
    testing::Purpose given;
    Purpose asked;
    std::size_t refused;
  } const cases[] = {
      {testing::Purpose::server, Purpose::server, 0},
      {testing::Purpose::server, Purpose::client, 1},
      {testing::Purpose::server, Purpose::both, 1},
      {testing::Purpose::server, Purpose::any, 0},
      {testing::Purpose::client, Purpose::server, 1},
      {testing::Purpose::client, Purpose::client, 0},
      {testing::Purpose::client, Purpose::both, 1},
      {testing::Purpose::client, Purpose::any, 0},
      {testing::Purpose::both, Purpose::both, 0},
      {testing::Purpose::none, Purpose::both, 0},
  };
  for (auto const& one : cases) {
    Sample sample = good.sample(testing::LeafOptions{.purpose = one.given});
    sample.rules.purpose = one.asked;
    CHECK(reasons(sample) == Reasons(one.refused, Reason::wrong_purpose));
  }
}

TEST_CASE("purpose: a key usage must let the key sign, or for RSA at least encipher") {
  Good const good;
  struct {
    testing::KeyKind key;
    std::string usage;
    bool refused;
    bool warned;
  } const cases[] = {
      {testing::p256, "", false, false},
      {testing::p256, "digitalSignature", false, false},
      {testing::p256, "critical,digitalSignature,keyEncipherment", false, false},
      {testing::p256, "keyEncipherment", true, false},
      {testing::p256, "keyAgreement", true, false},
      {testing::p256, "nonRepudiation,dataEncipherment", true, false},
      {testing::rsa(2048), "digitalSignature", false, false},
      {testing::rsa(2048), "keyEncipherment", false, true},
      {testing::rsa(2048), "keyAgreement", true, false},
      {testing::ed25519, "digitalSignature", false, false},
      {testing::ed25519, "keyEncipherment", true, false},
  };
  for (auto const& one : cases) {
    CAPTURE(one.usage);
    Sample sample = good.sample(testing::LeafOptions{.key = one.key, .key_usage = one.usage});
    CHECK(reasons(sample) == Reasons(one.refused ? 1 : 0, Reason::wrong_purpose));
    CHECK(says(judged(sample), "without digitalSignature, so that") == one.warned);
    sample.rules.purpose = Purpose::any;
    CHECK(reasons(sample) == Reasons{});
  }
}

TEST_CASE("purpose: a client signs, so that a key usage for enciphering only is not for it") {
  Good const good;
  Sample sample =
      good.sample(testing::LeafOptions{.key = testing::rsa(2048), .key_usage = "keyEncipherment"});
  sample.rules.purpose = Purpose::client;
  CHECK(reasons(sample) == Reasons{Reason::wrong_purpose});
  sample.rules.purpose = Purpose::both;
  CHECK(reasons(sample) == Reasons{Reason::wrong_purpose});
}

TEST_CASE("purpose: the extended key usage of each authority above limits the leaf") {
  struct {
    std::string of_intermediate;
    Purpose asked;
    std::size_t refused;
  } const cases[] = {{"serverAuth", Purpose::server, 0},         {"clientAuth", Purpose::server, 1},
                     {"codeSigning", Purpose::both, 2},          {"serverAuth", Purpose::client, 1},
                     {"clientAuth", Purpose::client, 0},         {"codeSigning", Purpose::any, 0},
                     {"serverAuth,clientAuth", Purpose::both, 0}};
  Authority const root;
  for (auto const& one : cases) {
    CAPTURE(one.of_intermediate);
    Authority const above = root.intermediate(
        {.common_name = "Above", .extensions = {{"extendedKeyUsage", one.of_intermediate}}});
    Pair const pair = above.issue();
    Sample sample{.certificate = pair.certificate_pem, .key = pair.key_pem, .anchors = root.pem()};
    sample.rules.purpose = one.asked;
    CHECK(reasons(sample) == Reasons(one.refused, Reason::wrong_purpose));
    CHECK(says(judged(sample), "CN=Above may not issue for a TLS") == (one.refused > 0));
  }
}

TEST_CASE("purpose: an authority as leaf is a warning, except where any purpose will do") {
  Pair const pair = testing::self_signed({.basic_constraints = "critical,CA:TRUE"});
  Sample sample{.certificate = pair.leaf_pem, .key = pair.key_pem, .anchors = pair.leaf_pem};
  CHECK(reasons(sample) == Reasons{});
  CHECK(says(judged(sample), "is an authority (CA:TRUE)"));
  sample.rules.purpose = Purpose::any;
  CHECK(said(judged(sample)) == "");
}
