#include "crypto/pkcs12.hpp"

#include <doctest/doctest.h>

#include "support/pki.hpp"
#include "support/sealed.hpp"

using namespace certpivot;
using namespace certpivot::crypto;
using testing::Authority;
using testing::Pair;
using testing::Scheme;
using testing::Store;

namespace {

Store store_of(Pair const& pair, std::string const& passphrase) {
  return {.keys = {pair.key_pem},
          .certificates = pair.certificate_pem,
          .sealing = {.passphrase = passphrase}};
}

std::string opened(Store const& store, std::optional<std::string_view> passphrase) {
  auto const pem = pem_of_pkcs12(testing::pkcs12(store), passphrase);
  return pem ? std::string(pem->view()) : "refused: " + pem.error().why;
}

DecodeFailure refused(Store const& store, std::optional<std::string_view> passphrase) {
  auto const pem = pem_of_pkcs12(testing::pkcs12(store), passphrase);
  REQUIRE_FALSE(pem);
  return pem.error();
}

}  // namespace

TEST_CASE("a PKCS#12 gives its key, then its certificates, whatever sealed it") {
  Authority const root;
  Pair const pair = root.intermediate().issue();
  std::string const content = pair.key_pem + pair.certificate_pem;
  Store store = store_of(pair, "secret");
  CHECK(opened(store, "secret") == content);
  store.mac = false;
  CHECK(opened(store, "secret") == content);
  store.mac = true;
  store.sealing.scheme = Scheme::pbes1_3des;
  store.certificate_scheme = Scheme::pbes1_rc2_40;
  CHECK(opened(store, "secret") == content);
}

TEST_CASE("an empty passphrase and none at all are both tried where none is given") {
  Pair const pair = testing::self_signed();
  std::string const content = pair.key_pem + pair.certificate_pem;
  for (Scheme const scheme : {Scheme::pbes2, Scheme::pbes1_3des}) {
    for (bool const none : {false, true}) {
      Store store = store_of(pair, "");
      store.no_passphrase = none;
      store.sealing.scheme = store.certificate_scheme = scheme;
      CHECK(opened(store, std::nullopt) == content);
      CHECK(opened(store, "") == content);
    }
  }
}

TEST_CASE("a PKCS#12 that needs a passphrase is told from one that got the wrong one") {
  Pair const pair = testing::self_signed();
  for (bool const mac : {true, false}) {
    Store store = store_of(pair, "secret");
    store.mac = mac;
    CHECK(refused(store, std::nullopt).fault == DecodeFault::encrypted);
    CHECK(refused(store, "").fault == DecodeFault::wrong_passphrase);
    CHECK(refused(store, "Secret").fault == DecodeFault::wrong_passphrase);
    CHECK(refused(store, std::string(1024, 'x')).fault == DecodeFault::wrong_passphrase);
    CHECK(refused(store, std::string(1025, 'x')).fault == DecodeFault::malformed);
    CHECK(refused(store, std::string(1025, 'x')).why == "its passphrase has more than 1,024 bytes");
  }
}

// As `openssl pkcs12 -export -nomaciter` writes it.
TEST_CASE("a PKCS#12 whose MAC names no number of iterations took one") {
  Pair const pair = testing::self_signed();
  Store store = store_of(pair, "secret");
  store.mac_iterations = 1;
  CHECK(opened(store, "secret") == pair.key_pem + pair.certificate_pem);
}

TEST_CASE("a PKCS#12 without key, with two keys or without certificate is refused by name") {
  Pair const pair = testing::self_signed();
  Store store = store_of(pair, "secret");
  store.keys = {};
  CHECK(refused(store, "secret").why == "it holds no private key");
  store.keys = {pair.key_pem, testing::self_signed().key_pem};
  CHECK(refused(store, "secret").why == "it holds two private keys");
  store = store_of(pair, "secret");
  store.certificates = {};
  CHECK(refused(store, "secret").why == "it holds no certificate");
}

TEST_CASE("a PKCS#12 of more than 40 certificates is refused") {
  Pair const pair = testing::self_signed();
  Store store = store_of(pair, "secret");
  for (int i = 1; i < 40; ++i) store.certificates += pair.leaf_pem;
  CHECK(opened(store, "secret").find("refused") == std::string::npos);
  store.certificates += pair.leaf_pem;
  DecodeFailure const failure = refused(store, "secret");
  CHECK(failure.fault == DecodeFault::too_large);
  CHECK(failure.why == "it holds more than 40 certificates");
}

TEST_CASE("a PKCS#12 of more than 256 KiB is refused undecoded") {
  std::string const edge(256 * 1024, '\x30');
  CHECK(pem_of_pkcs12(edge, {}).error().fault == DecodeFault::malformed);
  DecodeFailure const failure = pem_of_pkcs12(edge + '\x30', {}).error();
  CHECK(failure.fault == DecodeFault::too_large);
  CHECK(failure.why == "no PKCS#12 of a server has more than 256 KiB");
}

TEST_CASE("a PKCS#12 that asks for too much work is refused before any of it is done") {
  for (int const iterations : {300'001, 2'000'000'000}) {
    auto const pem = pem_of_pkcs12(testing::claimed_pkcs12(iterations), "secret");
    REQUIRE_FALSE(pem);
    CHECK(pem.error().fault == DecodeFault::too_large);
  }
  auto const tried = pem_of_pkcs12(testing::claimed_pkcs12(300'000), "secret");
  REQUIRE_FALSE(tried);
  CHECK(tried.error().fault == DecodeFault::wrong_passphrase);
  // Each of its parts is granted, and all together are not.
  Store store = store_of(testing::self_signed(), "secret");
  store.sealing.iterations = 60'000;
  store.mac_iterations = 59'000;
  CHECK(opened(store, "secret").find("refused") == std::string::npos);
  store.mac_iterations = 60'000;
  CHECK(refused(store, "secret").fault == DecodeFault::too_large);
  // What is advised then is granted.
  CHECK(refused(store, "secret").remedy == "encrypt it again with at most 40,000 iterations");
  store.sealing.iterations = store.mac_iterations = 40'000;
  CHECK(opened(store, "secret").find("refused") == std::string::npos);
}

TEST_CASE("a damaged PKCS#12 is refused at every place where it is cut off") {
  std::string const whole = testing::pkcs12(store_of(testing::self_signed(), "secret"));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK_FALSE(pem_of_pkcs12(whole.substr(0, size), "secret"));
  }
  CHECK_FALSE(pem_of_pkcs12(whole + "\n", "secret"));
}
