#include <doctest/doctest.h>

#include "crypto/certificate.hpp"
#include "crypto/private_key.hpp"
#include "support/pki.hpp"

using namespace certpivot;
using namespace certpivot::crypto;
using testing::Pair;

TEST_CASE("a certificate is encoded as its issuer signed it") {
  Pair const pair = testing::Authority().issue();
  CHECK(read_certificate(pair.leaf_pem)->der() == testing::der_of(pair.leaf_pem));
}

TEST_CASE("a private key is encoded as PKCS#8, whatever it was read as") {
  testing::Authority const authority;
  for (testing::KeyKind const kind : {testing::p256, testing::rsa(2048), testing::ed25519}) {
    Pair const pair = authority.issue({.key = kind});
    std::string const expected = testing::der_of(pair.key_pem);
    CHECK(read_private_key(pair.key_pem)->der()->view() == expected);
    if (kind.family == testing::KeyKind::Family::ed25519) continue;  // has no older form
    auto const older = read_private_key(testing::traditional_key(pair.key_pem));
    REQUIRE(older);
    CHECK((*older).der()->view() == expected);
  }
}
