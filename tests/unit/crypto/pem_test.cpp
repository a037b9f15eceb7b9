#include "crypto/pem.hpp"

#include <doctest/doctest.h>

#include "crypto/certificate.hpp"
#include "crypto/private_key.hpp"
#include "support/pki.hpp"
#include "support/sealed.hpp"

using namespace certpivot;
using namespace certpivot::crypto;
using testing::Pair;

namespace {

std::string block(std::string const& label, std::string const& inside = "AAAA\n") {
  return "-----BEGIN " + label + "-----\n" + inside + "-----END " + label + "-----\n";
}

std::string with_carriage_returns(std::string const& text) {
  std::string out;
  for (char const character : text) out += character == '\n' ? "\r\n" : std::string(1, character);
  return out;
}

// A key block with the bytes in its middle broken.
std::string damaged(std::string key) {
  std::size_t const middle = key.size() / 2;
  return key.replace(middle, 8, "!!!!!!!!");
}

}  // namespace

TEST_CASE("PEM blocks are told with label and place, and text between them is skipped") {
  std::string const first = block("CERTIFICATE");
  std::string const second = block("PRIVATE KEY");
  std::string const text = "subject=CN = web\n" + first + "\nissuer=x\n" + second + "the end";
  auto const blocks = pem_blocks(text);
  REQUIRE(blocks);
  REQUIRE(blocks->size() == 2);
  CHECK(blocks->at(0).label == "CERTIFICATE");
  CHECK(text.substr(blocks->at(0).begin, blocks->at(0).size) == first);
  CHECK(blocks->at(1).label == "PRIVATE KEY");
  CHECK(text.substr(blocks->at(1).begin, blocks->at(1).size) == second);
}

TEST_CASE("PEM blocks end where the file ends without a line feed, and may have CRLF") {
  std::string text = block("CERTIFICATE");
  text.pop_back();
  CHECK(pem_blocks(text)->at(0).size == text.size());
  std::string const windows = with_carriage_returns(block("CERTIFICATE") + block("CERTIFICATE"));
  REQUIRE(pem_blocks(windows)->size() == 2);
  CHECK(pem_blocks(windows)->at(1).begin == windows.size() / 2);
}

TEST_CASE("the blocks of certificates and of private keys are told apart, whatever their form") {
  std::string const leaf = block("CERTIFICATE");
  std::string const old = block("X509 CERTIFICATE");
  std::string const key = block("EC PRIVATE KEY");
  std::string const sealed = block("ENCRYPTED PRIVATE KEY");
  std::string const text = block("EC PARAMETERS") + key + leaf + block("X509 CRL") + sealed + old;
  CHECK(certificate_blocks(text).value() == std::vector<std::string_view>{leaf, old});
  CHECK(private_key_blocks(text).value() == std::vector<std::string_view>{key, sealed});
  CHECK_FALSE(certificate_blocks(text + "-----BEGIN CERTIFICATE-----\n"));
  CHECK_FALSE(private_key_blocks(text + "-----END CERTIFICATE-----\n"));
}

TEST_CASE("a private key is seen where PEM readers pass it over") {
  CHECK(mentions_private_key(block("RSA PRIVATE KEY")));
  CHECK(mentions_private_key("  " + block("PRIVATE KEY")));
  CHECK_FALSE(mentions_private_key(block("CERTIFICATE") + "PRIVATE KEY"));
}

TEST_CASE("a text without blocks has none, which is no error") {
  CHECK(pem_blocks("")->empty());
  CHECK(pem_blocks("-----BEGIN -\n-----BEGIN\n-----BEGIN X\n")->empty());
  CHECK(pem_blocks(std::string("\0\x01\xff\n\n\0", 6))->empty());
}

TEST_CASE("a block that does not end as it began is an error that says which way") {
  struct {
    std::string text;
    std::string says;
  } const cases[] = {
      {"-----BEGIN CERTIFICATE-----\nAAAA\n", "begins and never ends"},
      {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIF", "begins and never ends"},
      {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END PRIVATE KEY-----\n", "as something else"},
      {"-----BEGIN CERTIFICATE-----\n" + block("CERTIFICATE"), "inside another"},
      {"AAAA\n-----END CERTIFICATE-----\n", "never began"},
      {"\xef\xbb\xbf" + block("CERTIFICATE"), "never began"},
  };
  for (auto const& one : cases) {
    CAPTURE(one.text);
    auto const blocks = pem_blocks(one.text);
    REQUIRE_FALSE(blocks);
    CHECK(blocks.error().what.find(one.says) != std::string::npos);
  }
}

TEST_CASE("certificate and private key blocks are told by their labels") {
  CHECK(PemBlock{"CERTIFICATE"}.is_certificate());
  CHECK(PemBlock{"X509 CERTIFICATE"}.is_certificate());
  CHECK_FALSE(PemBlock{"CERTIFICATE REQUEST"}.is_certificate());
  for (char const* label : {"PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "EC PRIVATE KEY",
                            "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY"}) {
    CHECK(PemBlock{label}.is_private_key());
  }
  CHECK_FALSE(PemBlock{"PUBLIC KEY"}.is_private_key());
  CHECK_FALSE(PemBlock{"EC PARAMETERS"}.is_private_key());
}

TEST_CASE("a certificate block that is none is an error with OpenSSL's reason") {
  CHECK_FALSE(read_certificate(""));
  CHECK_FALSE(read_certificate(block("CERTIFICATE")));
  CHECK_FALSE(read_certificate(block("CERTIFICATE", "not base64, is it?\n")));
  CHECK_FALSE(read_certificate(block("CERTIFICATE",
                                     "Proc-Type: 4,ENCRYPTED\nDEK-Info: "
                                     "AES-256-CBC,00112233445566778899AABBCCDDEEFF"
                                     "\n\nAAAA\n")));
  auto const key = read_certificate(testing::self_signed().key_pem);
  REQUIRE_FALSE(key);
  CHECK(key.error().why == "no start line");
}

TEST_CASE("a private key is noticed wherever a line could be the mark of one, and not in words") {
  struct {
    std::string text;
    bool mentioned;
  } const cases[] = {
      {block("PRIVATE KEY"), true},
      {block("EC PRIVATE KEY"), true},
      {"text\n \t-----BEGIN PRIVATE KEY-----", true},
      {"-----BEGIN PRIVATE KEY----\n", true},
      {"the PRIVATE KEY is elsewhere\n" + block("RSA PRIVATE KEY"), true},
      {"-----BEGIN PGP PRIVATE KEY BLOCK-----\n", true},
      {"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n", true},
      {block("PKCS12"), true},
      {block("CERTIFICATE"), false},
      {block("PUBLIC KEY"), false},
      {"# PRIVATE KEY: in the safe, with the PKCS12\n" + block("CERTIFICATE"), false},
      {"", false},
  };
  for (auto const& one : cases) {
    CAPTURE(one.text);
    CHECK(mentions_private_key(one.text) == one.mentioned);
  }
}

TEST_CASE("texts behind each other are lines, the last of each included") {
  CHECK(lines_of({"a\n", "b", "", "c\r\n"}).view() == "a\nb\nc\r\n");
  CHECK(lines_of({"a"}).view() == "a\n");
  CHECK(lines_of({""}).view() == "");
  CHECK(lines_of({}).view() == "");
}

TEST_CASE("a certificate in the form that only OpenSSL reads is an error of its own") {
  auto const blocks = pem_blocks(block("CERTIFICATE") + block("TRUSTED CERTIFICATE"));
  REQUIRE_FALSE(blocks);
  CHECK(blocks.error().text() ==
        "there is a TRUSTED CERTIFICATE in it: only programs by OpenSSL read that form; write each "
        "anew as openssl x509 prints it");
}

TEST_CASE("DER of every kind is binary, and text in any encoding by bytes is not") {
  Pair const pair = testing::self_signed();
  CHECK(is_binary(testing::der_of(pair.leaf_pem)));
  for (std::string const& key : {pair.key_pem, testing::traditional_key(pair.key_pem)})
    CHECK(is_binary("text" + testing::der_of(key)));
  CHECK(is_binary(std::string("\0", 1)));
  CHECK(is_binary("\x06"));
  CHECK_FALSE(is_binary("\a\t\r\n\f\x1b[0m \xc3\xa4 \xe4"));
  CHECK_FALSE(is_binary(""));
}

TEST_CASE("a block that holds more than one certificate is refused") {
  Pair const pair = testing::self_signed();
  auto const with = [&](std::string const& more) {
    return read_certificate(testing::pem_of("CERTIFICATE", testing::der_of(pair.leaf_pem) + more));
  };
  CHECK(with(""));
  for (std::string const& more : {std::string("x"), testing::der_of(pair.key_pem)}) {
    auto const answer = with(more);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().why == "more follows behind it in its block");
  }
}

TEST_CASE("private keys are read in every form, and match their own certificate only") {
  auto const other = read_certificate(testing::self_signed().leaf_pem);
  for (testing::KeyKind const kind :
       {testing::p256, testing::p384, testing::ed25519, testing::rsa(2048)}) {
    Pair const pair = testing::self_signed({.key = kind});
    auto const certificate = read_certificate(pair.leaf_pem);
    REQUIRE(certificate);
    auto const key = read_private_key(pair.key_pem);
    REQUIRE(key);
    CHECK(key->matches(*certificate));
    CHECK_FALSE(key->matches(*other));
    if (kind.family == testing::KeyKind::Family::ed25519) continue;
    auto const traditional = read_private_key(testing::traditional_key(pair.key_pem));
    REQUIRE(traditional);
    CHECK(traditional->matches(*certificate));
  }
}

TEST_CASE("an encrypted key is told from a broken one, and nobody is asked") {
  std::string const key = testing::self_signed().key_pem;
  struct {
    std::string text;
    DecodeFault fault;
  } const cases[] = {
      {testing::encrypted_key(key, "secret"), DecodeFault::encrypted},
      {testing::encrypted_traditional_key(key, "secret"), DecodeFault::encrypted},
      {damaged(key), DecodeFault::malformed},
      {block("PRIVATE KEY"), DecodeFault::malformed},
      {testing::self_signed().leaf_pem, DecodeFault::malformed},
      {"", DecodeFault::malformed},
  };
  for (auto const& one : cases) {
    auto const answer = read_private_key(one.text);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().fault == one.fault);
    CHECK_FALSE(answer.error().why.empty());
    // The decoder is used again: bad input must leave nothing behind in it.
    CHECK(read_private_key(key));
  }
}
