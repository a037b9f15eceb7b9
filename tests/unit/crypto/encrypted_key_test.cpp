#include "crypto/encrypted_key.hpp"

#include <cstdlib>

#include <doctest/doctest.h>

#include "support/pki.hpp"
#include "support/program.hpp"
#include "support/sealed.hpp"

using namespace certpivot;
using namespace certpivot::crypto;
using testing::der_of;
using testing::Scheme;

namespace {

std::string text_of(Result<Secret> const& pem) { return std::string(pem.value().view()); }

}  // namespace

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
  std::string const damaged = testing::damaged_key(testing::self_signed().key_pem, 45);
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

TEST_CASE("an old header whose cipher cannot be had is no matter of the passphrase") {
  struct {
    std::string cipher;
    std::string why;
  } const cases[] = {
      {"NONE-SUCH,00", "its DEK-Info names no cipher that can be had: unsupported encryption"},
      {"DES-CBC,0011223344556677", "its cipher DES-CBC is one of OpenSSL's legacy provider"}};
  for (auto const& one : cases) {
    CAPTURE(one.cipher);
    auto const key = decrypt_private_key(
        "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: " + one.cipher +
            "\n\nAAAAAAAAAAA=\n-----END EC PRIVATE KEY-----\n",
        "secret");
    REQUIRE_FALSE(key);
    CHECK(key.error().fault == DecodeFault::malformed);
    CHECK(key.error().why == one.why);
  }
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
