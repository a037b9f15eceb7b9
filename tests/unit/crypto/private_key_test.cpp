#include "crypto/private_key.hpp"

#include <doctest/doctest.h>

#include "support/pki.hpp"
#include "support/sealed.hpp"

using namespace certpivot;
using namespace certpivot::crypto;
using testing::der_of;
using testing::Pair;

namespace {

std::string text_of(Result<Secret> const& pem) { return std::string(pem.value().view()); }

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

TEST_CASE("a damaged private part is found, though the public part still fits the certificate") {
  for (testing::KeyKind const kind : {testing::p256, testing::p384, testing::rsa(2048)}) {
    Pair const pair = testing::self_signed({.key = kind});
    REQUIRE(read_private_key(testing::damaged_key(pair.key_pem, 0)).has_value() == false);
    // In the middle of a P-256 key's secret number, and of an RSA key's d, p and q.
    std::vector<std::size_t> places{45};
    if (kind.family == testing::KeyKind::Family::rsa) places = {400, 700, 800, 900, 1050, 1150};
    for (std::size_t const at : places) {
      CAPTURE(at);
      auto const key = read_private_key(testing::damaged_key(pair.key_pem, at));
      REQUIRE_FALSE(key);
      CHECK(key.error().fault == DecodeFault::malformed);
      CHECK(key.error().why == "its private part does not belong to its public part");
    }
  }
}

TEST_CASE("no changed bit of a key is accepted, in whatever form it is") {
  for (testing::KeyKind const kind : {testing::p256, testing::ed25519, testing::rsa(2048)}) {
    std::string const pem = testing::self_signed({.key = kind}).key_pem;
    std::vector<std::string> forms{der_of(pem)};
    if (kind.family != testing::KeyKind::Family::ed25519)
      forms.push_back(der_of(testing::traditional_key(pem)));
    for (std::string const& form : forms) {
      // The numbers of an RSA key are many and have a test of their own: its frame and their edges.
      std::size_t const step = kind.family == testing::KeyKind::Family::rsa ? 7 : 1;
      for (std::size_t at = 0; at < form.size(); at += at < 40 ? 1 : step) {
        for (unsigned const bit : {0U, 3U, 4U, 7U}) {
          std::string changed = form;
          changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1U << bit));
          CAPTURE(at);
          CAPTURE(bit);
          auto const key = read_private_key_der(changed);
          // An Ed25519 key is all private: another number is another key.
          bool const is_same = key && text_of(key->pem()) == pem;
          CHECK_FALSE(is_same);
          if (kind.family != testing::KeyKind::Family::ed25519) CHECK_FALSE(key);
        }
      }
    }
  }
}

TEST_CASE("what follows a key within its frame is refused") {
  std::string der = der_of(testing::self_signed().key_pem);
  der[2] = static_cast<char>(der[2] + 2);  // the length, in its long form
  der += std::string("\x05\x00", 2);
  auto const key = read_private_key_der(der);
  REQUIRE_FALSE(key);
  CHECK(key.error().why == "its DER is damaged");
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
