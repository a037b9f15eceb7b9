#include "support/pki.hpp"

#include <algorithm>

#include <doctest/doctest.h>

using namespace certpivot;
using namespace certpivot::testing;

namespace {
auto blocks(std::string const& pem) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = pem.find("-----BEGIN CERTIFICATE-----", at)) != std::string::npos;
       ++at) {
    ++count;
  }
  return count;
}
}  // namespace

TEST_CASE("a pair below an intermediate carries leaf and intermediate, but not the root") {
  Authority const root;
  Authority const intermediate = root.intermediate();
  Pair const pair = intermediate.issue();
  CHECK(pair.certificate_pem == pair.leaf_pem + intermediate.pem());
  CHECK(blocks(pair.certificate_pem) == 2);
  CHECK(blocks(root.issue().certificate_pem) == 1);
}

TEST_CASE("keys come in every kind and form that servers meet") {
  for (KeyKind const kind : {p224, p256, p384, ed25519, rsa(1024)}) {
    Pair const pair = self_signed({.key = kind});
    CHECK(pair.key_pem.find("-----BEGIN PRIVATE KEY-----") == 0);
    CHECK(pair.fingerprint.size() == 64);
  }
  Pair const pair = self_signed();
  CHECK(encrypted_key(pair.key_pem, "secret").find("-----BEGIN ENCRYPTED PRIVATE KEY-----") == 0);
  CHECK(traditional_key(pair.key_pem).find("-----BEGIN EC PRIVATE KEY-----") == 0);
  CHECK(encrypted_traditional_key(pair.key_pem, "secret").find("4,ENCRYPTED") != std::string::npos);
}

TEST_CASE("a leaf made with another leaf's key has that key") {
  Pair const first = self_signed();
  Pair const second = self_signed({.key_pem = first.key_pem});
  CHECK(second.key_pem == first.key_pem);
  CHECK(second.fingerprint != first.fingerprint);
}
