#include "crypto/private_key.hpp"

#include <cstdlib>

#include <doctest/doctest.h>

#include "crypto/certificate.hpp"
#include "support/pki.hpp"
#include "support/program.hpp"
#include "support/sealed.hpp"

using namespace certpivot;
using namespace certpivot::crypto;
using testing::der_of;
using testing::Pair;
using testing::Scheme;

namespace {

std::string text_of(Result<Secret> const& pem) { return std::string(pem.value().view()); }

// The key with one byte of its DER changed.
std::string with_byte_changed(std::string const& key_pem, std::size_t at) {
  std::string der = der_of(key_pem);
  der[at] = static_cast<char>(der[at] ^ 1);
  return testing::pem_of("PRIVATE KEY", der);
}

}  // namespace

TEST_CASE("a key is read from DER in every form, and written as the same PKCS#8") {
  for (testing::KeyKind const kind :
       {testing::p256, testing::p384, testing::ed25519, testing::rsa(2048)}) {
    Pair const pair = testing::self_signed({.key = kind});
    auto const from_pem = read_private_key(pair.key_pem);
    REQUIRE(from_pem);
    CHECK(text_of(from_pem->pem()) == pair.key_pem);
    auto const from_der = read_private_key_der(der_of(pair.key_pem));
    REQUIRE(from_der);
    CHECK(text_of(from_der->pem()) == pair.key_pem);
    if (kind.family == testing::KeyKind::Family::ed25519) continue;
    auto const traditional = read_private_key_der(der_of(testing::traditional_key(pair.key_pem)));
    REQUIRE(traditional);
    CHECK(text_of(traditional->pem()) == pair.key_pem);
  }
}

TEST_CASE("an encrypted key is opened by its passphrase and by no other") {
  std::string const key = testing::self_signed().key_pem;
  std::vector<std::string> encrypted{testing::encrypted_key(key, "secret"),
                                     testing::encrypted_traditional_key(key, "secret")};
  for (Scheme const scheme :
       {Scheme::pbes2, Scheme::pbes1_3des, Scheme::pbes1_rc2_40, Scheme::pbes1_des}) {
    encrypted.push_back(testing::sealed_key(key, {"secret", scheme}));
  }
  encrypted.push_back(testing::sealed_key(key, {"secret", Scheme::scrypt, 16384}));
  for (std::string const& block : encrypted) {
    CAPTURE(block);
    auto const opened = decrypt_private_key(block, "secret");
    REQUIRE(opened);
    CHECK(text_of(opened->pem()) == key);
    auto const shut = read_private_key(block);
    REQUIRE_FALSE(shut);
    CHECK(shut.error().fault == DecodeFault::encrypted);
    for (std::string const& wrong :
         {std::string(), std::string("Secret"), std::string("secret\n"), std::string(1024, 'x')}) {
      auto const refused = decrypt_private_key(block, wrong);
      REQUIRE_FALSE(refused);
      CHECK(refused.error().fault == DecodeFault::wrong_passphrase);
    }
    auto const refused = decrypt_private_key(block, std::string(1025, 'x'));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == DecodeFault::malformed);
    CHECK(refused.error().why == "its passphrase has more than 1,024 bytes");
  }
}

TEST_CASE("what is wrong with a key that opens is told, and not that the passphrase were wrong") {
  std::string const damaged = with_byte_changed(testing::self_signed().key_pem, 45);
  for (std::string const& block : {testing::encrypted_key(damaged, "secret"),
                                   testing::encrypted_traditional_key(damaged, "secret")}) {
    auto const key = decrypt_private_key(block, "secret");
    REQUIRE_FALSE(key);
    CHECK(key.error().fault == DecodeFault::malformed);
    CHECK(key.error().why == "its private part does not belong to its public part");
  }
}

TEST_CASE("an encryption that this OpenSSL lacks is told as that, whatever the passphrase") {
  std::string const sealed =
      der_of(testing::sealed_key(testing::self_signed().key_pem, {"secret"}));
  auto const with = [&](std::string const& object, char last) {
    std::string der = sealed;
    auto const at = der.find(object);
    REQUIRE(at != std::string::npos);
    der[at + object.size() - 1] = last;
    return decrypt_private_key_der(der, "secret").error();
  };
  DecodeFailure const cipher = with("\x60\x86\x48\x01\x65\x03\x04\x01\x2a", '\x7e');
  CHECK(cipher.fault == DecodeFault::malformed);
  CHECK(cipher.why == "its cipher is unknown to OpenSSL");
  DecodeFailure const hash = with("\x2a\x86\x48\x86\xf7\x0d\x02\x09", '\x7e');
  CHECK(hash.fault == DecodeFault::malformed);
  CHECK(hash.why.find("unsupported prf") != std::string::npos);
}

TEST_CASE("a damaged private part is found, though the public part still fits the certificate") {
  for (testing::KeyKind const kind : {testing::p256, testing::p384, testing::rsa(2048)}) {
    Pair const pair = testing::self_signed({.key = kind});
    REQUIRE(read_private_key(with_byte_changed(pair.key_pem, 0)).has_value() == false);
    // In the middle of a P-256 key's secret number, and of an RSA key's d, p and q.
    std::vector<std::size_t> places{45};
    if (kind.family == testing::KeyKind::Family::rsa) places = {400, 700, 800, 900, 1050, 1150};
    for (std::size_t const at : places) {
      CAPTURE(at);
      auto const key = read_private_key(with_byte_changed(pair.key_pem, at));
      REQUIRE_FALSE(key);
      CHECK(key.error().fault == DecodeFault::malformed);
      CHECK(key.error().why == "its private part does not belong to its public part");
    }
  }
}

TEST_CASE("a key of more than 16 KiB is refused undecoded") {
  for (auto const& answer :
       {read_private_key(testing::pem_of("PRIVATE KEY", std::string(25 * 1024, 'x'))),
        read_private_key("-----BEGIN PRIVATE KEY-----\n" + std::string(1024 * 1024, '\n') +
                         "-----END PRIVATE KEY-----\n"),
        read_private_key_der(std::string(16 * 1024 + 1, '\x30'))}) {
    REQUIRE_FALSE(answer);
    CHECK(answer.error().fault == DecodeFault::too_large);
    CHECK(answer.error().why == "no private key has more than 16 KiB");
  }
  auto const at_the_edge = read_private_key_der(std::string(16 * 1024, '\x30'));
  REQUIRE_FALSE(at_the_edge);
  CHECK(at_the_edge.error().fault == DecodeFault::malformed);
}

TEST_CASE("keys of kinds that serve no TLS are refused by name") {
  // PKCS#8 with an algorithm's number and nothing that could be its key: DSA, then DH.
  for (std::string const& object : {std::string("\x06\x07\x2a\x86\x48\xce\x38\x04\x01"),
                                    std::string("\x06\x07\x2a\x86\x48\xce\x3e\x02\x01"),
                                    std::string("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x03\x01")}) {
    auto const element = [](char tag, std::string const& content) {
      return std::string(1, tag) + static_cast<char>(content.size()) + content;
    };
    auto const key = read_private_key_der(element(
        '\x30', std::string("\x02\x01\x00", 3) + element('\x30', object) + element('\x04', "key")));
    REQUIRE_FALSE(key);
    CHECK(key.error().why == "it is a DSA or DH key, which no TLS server takes");
  }
}

TEST_CASE("a key of an algorithm that this OpenSSL does not know is refused by its number") {
  // PKCS#8 of an algorithm 1.2.3.
  auto const key = read_private_key_der(
      std::string("\x30\x0e\x02\x01\x00\x30\x04\x06\x02\x2a\x03\x04\x03key", 16));
  REQUIRE_FALSE(key);
  CHECK(key.error().why == "its algorithm 1.2.3 is unknown to this OpenSSL");
  CHECK(key.error().remedy == "use RSA, EC or Ed25519, or a newer OpenSSL");
}

TEST_CASE("an encryption that asks for too much work is refused before any of it is done") {
  struct {
    Scheme scheme;
    int most;
  } const cases[] = {{Scheme::pbes2, 149'850}, {Scheme::pbes1_3des, 299'700}};
  for (auto const& one : cases) {
    auto const tried = decrypt_private_key(testing::claimed_key(one.scheme, one.most), "secret");
    REQUIRE_FALSE(tried);
    CHECK(tried.error().fault == DecodeFault::wrong_passphrase);
    for (int const iterations : {one.most + 1, 1'000'000'000}) {
      auto const refused =
          decrypt_private_key(testing::claimed_key(one.scheme, iterations), "secret");
      REQUIRE_FALSE(refused);
      CHECK(refused.error().fault == DecodeFault::too_large);
      CHECK(refused.error().why.find("more iterations or memory") != std::string::npos);
    }
  }
  std::string const scrypt = testing::claimed_key(Scheme::scrypt, 16384);
  CHECK(decrypt_private_key(scrypt, "secret").error().fault == DecodeFault::wrong_passphrase);
  // N, which times 1 KiB is the memory that it takes.
  std::string der = der_of(scrypt);
  der.replace(der.find(std::string("\x02\x02\x40\x00", 4)), 4, "\x02\x02\x40\x01");
  CHECK(decrypt_private_key_der(der, "secret").error().fault == DecodeFault::too_large);
}

TEST_CASE("an old header that names an unknown cipher is no matter of the passphrase") {
  auto const key = decrypt_private_key(
      "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: NONE-SUCH,00\n\nAAAA\n"
      "-----END EC PRIVATE KEY-----\n",
      "secret");
  REQUIRE_FALSE(key);
  CHECK(key.error().fault == DecodeFault::malformed);
}

TEST_CASE("an old header that names a legacy cipher is no matter of the passphrase either") {
  auto const key = decrypt_private_key(
      "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
      "DEK-Info: DES-CBC,0011223344556677\n\nAAAAAAAAAAA=\n-----END EC PRIVATE KEY-----\n",
      "secret");
  REQUIRE_FALSE(key);
  CHECK(key.error().fault == DecodeFault::malformed);
  CHECK(key.error().why == "its cipher DES-CBC is one of OpenSSL's legacy provider");
}

TEST_CASE("a legacy provider that was not there is looked for again") {
  // A process of its own, because in this one it may be loaded already.
  if (std::getenv("OPENSSL_MODULES") == nullptr) {
    CHECK(testing::run_program({"/proc/self/exe", "--test-case=a legacy provider that was not*"},
                               {"OPENSSL_MODULES=/nonexistent"})
              .exit_code == 0);
    return;
  }
  std::string const key = testing::claimed_key(Scheme::pbes1_des, 2048);
  DecodeFailure const failure = decrypt_private_key(key, "secret").error();
  CHECK(failure.fault == DecodeFault::malformed);
  CHECK(failure.why.find("legacy provider, which is not installed") != std::string::npos);
  REQUIRE(::unsetenv("OPENSSL_MODULES") == 0);
  CHECK(decrypt_private_key(key, "secret").error().fault == DecodeFault::wrong_passphrase);
}
