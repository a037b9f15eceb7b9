#include "crypto/pkcs12_writer.hpp"

#include <ostream>

#include <doctest/doctest.h>

#include "support/keystore.hpp"
#include "support/pki.hpp"

using namespace certpivot;
using namespace certpivot::crypto;
using testing::Pair;

namespace {

/// An entry with one intermediate, and what it was made of.
struct Made {
  explicit Made(testing::KeyKind kind = testing::p256) : pair(intermediate.issue({.key = kind})) {}
  [[nodiscard]] KeystoreEntry entry() const {
    return {*read_private_key(pair.key_pem),
            {*read_certificate(pair.leaf_pem), *read_certificate(intermediate.pem())},
            "web"};
  }
  testing::Authority intermediate = testing::Authority().intermediate();
  Pair pair;
};

std::string text(Result<Secret> const& bytes) {
  REQUIRE_MESSAGE(bytes, bytes.error().text());
  return std::string(bytes->view());
}

/// Whether the DER holds this object identifier, given as its encoded content.
bool names(std::string const& der, std::string const& identifier) {
  return der.find(std::string("\x06") + static_cast<char>(identifier.size()) + identifier) !=
         std::string::npos;
}

constexpr auto modern = KeystoreAlgorithms::modern;
constexpr auto legacy = KeystoreAlgorithms::legacy;

// RFC 8018 and RFC 5754; RFC 7292, appendix C.
std::string const pbes2 = "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d";
std::string const hmac_sha256 = "\x2a\x86\x48\x86\xf7\x0d\x02\x09";
std::string const aes_256_cbc = "\x60\x86\x48\x01\x65\x03\x04\x01\x2a";
std::string const sha256 = "\x60\x86\x48\x01\x65\x03\x04\x02\x01";
std::string const sha1_3des = "\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03";
std::string const sha1 = "\x2b\x0e\x03\x02\x1a";

}  // namespace

TEST_CASE("a keystore holds key, leaf and chain under its alias, in both ways") {
  for (testing::KeyKind const kind : {testing::p256, testing::rsa(2048), testing::ed25519}) {
    Made const made(kind);
    for (KeystoreAlgorithms const algorithms : {modern, legacy}) {
      auto const opened = testing::open_keystore(
          text(write_pkcs12(made.entry(), "s3cret \xc3\xa4", algorithms)), "s3cret \xc3\xa4");
      REQUIRE(opened);
      CHECK(opened->alias == "web");
      CHECK(opened->leaf == testing::der_of(made.pair.leaf_pem));
      CHECK(opened->key == testing::der_of(made.pair.key_pem));
      CHECK(opened->issuers == std::vector<std::string>{testing::der_of(made.intermediate.pem())});
    }
  }
}

TEST_CASE("another passphrase does not open a keystore, an empty one opens its own") {
  Made const made;
  for (KeystoreAlgorithms const algorithms : {modern, legacy}) {
    std::string const sealed = text(write_pkcs12(made.entry(), "right", algorithms));
    CHECK_FALSE(testing::open_keystore(sealed, "wrong"));
    CHECK_FALSE(testing::open_keystore(sealed, ""));
    std::string const open = text(write_pkcs12(made.entry(), "", algorithms));
    CHECK(testing::open_keystore(open, ""));
    CHECK_FALSE(testing::open_keystore(open, "right"));
  }
}

TEST_CASE("each way uses its own algorithms and none of the other's") {
  Made const made;
  std::string const now = text(write_pkcs12(made.entry(), "p", modern));
  std::string const then = text(write_pkcs12(made.entry(), "p", legacy));
  for (std::string const& identifier : {pbes2, hmac_sha256, aes_256_cbc, sha256}) {
    CHECK(names(now, identifier));
    CHECK_FALSE(names(then, identifier));
  }
  for (std::string const& identifier : {sha1_3des, sha1}) {
    CHECK(names(then, identifier));
    CHECK_FALSE(names(now, identifier));
  }
}

TEST_CASE("no keystore shows its key or its certificates without the passphrase") {
  Made const made;
  std::string const key = testing::der_of(made.pair.key_pem);
  std::string const secret = key.substr(key.size() / 2, 16);
  for (KeystoreAlgorithms const algorithms : {modern, legacy}) {
    std::string const sealed = text(write_pkcs12(made.entry(), "p", algorithms));
    CHECK(sealed.find(secret) == std::string::npos);
    CHECK(sealed.find("web.internal") == std::string::npos);
  }
}

TEST_CASE("a leaf that the key does not belong to is an error with OpenSSL's reason") {
  Made const made;
  auto entry = made.entry();
  entry.chain.erase(entry.chain.begin());
  auto const failed = write_pkcs12(entry, "p", modern);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().text() == "cannot encode the keystore: key values mismatch");
}
