#include "crypto/certificate.hpp"

#include <doctest/doctest.h>

#include "support/pki.hpp"
#include "support/sealed.hpp"

using namespace certpivot;
using namespace certpivot::crypto;
using testing::Authority;
using testing::LeafOptions;
using testing::Pair;
using Names = std::vector<std::string>;

namespace {

Certificate parsed(std::string const& pem) {
  auto certificate = read_certificate(pem);
  REQUIRE(certificate);
  return *certificate;
}

Certificate leaf_for(Names const& names, std::string const& common_name = "leaf") {
  return parsed(testing::self_signed({.common_name = common_name, .names = names}).leaf_pem);
}

}  // namespace

TEST_CASE("the facts of a leaf are what was put into it") {
  Authority const root({.common_name = "Root of Test"});
  WallTime const from = testing::from_now(std::chrono::hours(-5));
  WallTime const until = testing::from_now(std::chrono::hours(5));
  Pair const pair =
      root.issue({.common_name = "web",
                  .names = {"web.internal", "*.web.internal", "10.0.0.7", "2001:db8::7",
                            "spiffe://example.org/web", "ops@example.org"},
                  .not_before = from,
                  .not_after = until,
                  .serial = "00AB12"});
  CertificateFacts const facts = parsed(pair.leaf_pem).facts();
  CHECK(facts.subject == "CN=web");
  CHECK(facts.issuer == "CN=Root of Test");
  CHECK(facts.serial == "AB12");
  CHECK(facts.fingerprint == pair.fingerprint);
  CHECK(facts.names == Names{"web.internal", "*.web.internal", "10.0.0.7", "2001:db8::7",
                             "spiffe://example.org/web", "ops@example.org"});
  CHECK(facts.not_before == from);
  CHECK(facts.not_after == until);
}

TEST_CASE("a certificate of more than 100 KiB is refused undecoded") {
  auto const why = [](std::size_t size) {
    return read_certificate(testing::pem_of("CERTIFICATE", std::string(size, 'x'))).error().why;
  };
  CHECK(why(100 * 1024).find("100 KiB") == std::string::npos);
  CHECK(why(110 * 1024) == "it has more than 100 KiB");
}

TEST_CASE("the times of a certificate are right beyond 2050, where their form changes") {
  WallTime const far = std::chrono::sys_days(std::chrono::year(2061) / 3 / 4);
  CHECK(parsed(testing::self_signed({.not_after = far}).leaf_pem).not_after() == far);
}

TEST_CASE("names from a certificate cannot forge a line or a terminal sequence") {
  Certificate const leaf =
      leaf_for({"a\nb\x1b[31m", "caf\xc3\xa9\\"}, "x\n<3>ok \x1b[0m \xe2\x80\xae");
  CertificateFacts const facts = leaf.facts();
  CHECK(facts.names == Names{"a\\x0ab\\x1b[31m", "caf\\xc3\\xa9\\x5c"});
  for (char const character : facts.subject) {
    CHECK((character >= 0x20 && character < 0x7f));
  }
}

TEST_CASE("authorities, self-issued certificates and issuers are told apart") {
  Authority const root;
  Authority const intermediate = root.intermediate();
  Authority const same_name_other_key;
  Certificate const leaf = parsed(intermediate.issue().leaf_pem);
  Certificate const above = parsed(intermediate.pem());
  Certificate const top = parsed(root.pem());
  CHECK_FALSE(leaf.is_ca());
  CHECK(above.is_ca());
  CHECK(top.is_ca());
  CHECK(top.self_issued());
  CHECK_FALSE(above.self_issued());
  CHECK(leaf.may_be_issued_by(above));
  CHECK(above.may_be_issued_by(top));
  CHECK_FALSE(leaf.may_be_issued_by(top));
  CHECK_FALSE(above.may_be_issued_by(parsed(same_name_other_key.pem())));
  CHECK(top == parsed(root.pem()));
  CHECK_FALSE(top == above);
}

TEST_CASE("kind and size of the public key are told") {
  struct {
    testing::KeyKind made;
    KeyKind kind;
    unsigned bits;
  } const cases[] = {
      {testing::p224, KeyKind::ec, 224},         {testing::p256, KeyKind::ec, 256},
      {testing::p384, KeyKind::ec, 384},         {testing::secp256k1, KeyKind::ec, 256},
      {testing::rsa(1024), KeyKind::rsa, 1024},  {testing::rsa_pss(1024), KeyKind::rsa, 1024},
      {testing::ed25519, KeyKind::edwards, 256}, {testing::ed448, KeyKind::edwards, 456},
      {testing::dsa(1024), KeyKind::other, 1024}};
  for (auto const& one : cases) {
    Certificate const leaf = parsed(testing::self_signed({.key = one.made}).leaf_pem);
    CAPTURE(leaf.key());
    CHECK(leaf.key_kind() == one.kind);
    CHECK(leaf.key_bits() == one.bits);
  }
}

TEST_CASE("an ML-DSA key is told as such, where the OpenSSL at hand knows ML-DSA" *
          doctest::skip(!testing::knows_algorithm("ML-DSA-65"))) {
  Certificate const leaf = parsed(testing::self_signed({.key = testing::ml_dsa_65}).leaf_pem);
  CHECK(leaf.key_kind() == KeyKind::post_quantum);
  CHECK(leaf.key() == "ML-DSA-65");
}

TEST_CASE("key usage and the algorithm of the signature are told") {
  Certificate const bare = parsed(testing::self_signed({}).leaf_pem);
  CHECK_FALSE(bare.key_usage());
  CHECK(bare.signature_algorithm() == "ecdsa-with-SHA256");
  auto const usage =
      parsed(testing::self_signed({.key_usage = "digitalSignature,cRLSign"}).leaf_pem).key_usage();
  REQUIRE(usage);
  CHECK(usage->digital_signature);
  CHECK(usage->crl_sign);
  CHECK_FALSE(usage->key_encipherment);
  CHECK_FALSE(usage->key_cert_sign);
}

TEST_CASE("the URIs of a certificate are told byte for byte, and nothing else is") {
  CHECK(leaf_for({"web.internal", "spiffe://a/\x01", "10.0.0.7", "urn://b"}).uris() ==
        Names{"spiffe://a/\x01", "urn://b"});
  CHECK(leaf_for({}).uris().empty());
}

TEST_CASE("a certificate covers a name by RFC 9525, and nothing else") {
  struct {
    std::string in_certificate;
    std::string asked;
    bool covered;
  } const cases[] = {
      {"web.internal", "web.internal", true},
      {"web.internal", "WEB.Internal", true},
      {"web.internal", "other.internal", false},
      {"web.internal", "internal", false},
      {"web.internal", "web.internal.", true},
      {"web.internal", "web.internal..", false},
      {"web.internal.", "web.internal", false},
      {"*.example.org", "web.example.org.", true},
      {"*.example.org", "*.example.org.", true},
      {"web.internal", ".internal", false},
      {"web.internal", "", false},
      {"web.internal", std::string("web.internal\0.evil", 18), false},
      // A wildcard stands for one whole leftmost label.
      {"*.example.org", "web.example.org", true},
      {"*.example.org", "WEB.EXAMPLE.ORG", true},
      {"*.example.org", "xn--caf-dma.example.org", true},
      {"*.example.org", "a.b.example.org", false},
      {"*.example.org", "example.org", false},
      {"*.example.org", ".example.org", false},
      {"w*.example.org", "web.example.org", false},
      {"*b.example.org", "web.example.org", false},
      {"w*b.example.org", "web.example.org", false},
      {"web.*.org", "web.example.org", false},
      {"*.*.org", "web.example.org", false},
      {"*", "web", false},
      {"*", "web.example.org", false},
      {"f*.example.org", "foo.example.org", false},
      {"f*.example.org", "f.example.org", false},
      // OpenSSL and browsers want two labels behind it.
      {"*.internal", "web.internal", false},
      // A wildcard that is asked for must be there as such.
      {"*.example.org", "*.example.org", true},
      {"*.example.org", "*.EXAMPLE.org", true},
      {"web.example.org", "*.example.org", false},
      {"*.example.org", "*.web.example.org", false},
      {"10.0.0.7", "10.0.0.7", true},
      {"10.0.0.7", "10.0.0.8", false},
      {"2001:db8::7", "2001:db8::7", true},
      {"2001:db8::7", "2001:0DB8:0:0:0:0:0:7", true},
      {"2001:db8::7", "2001:db8::8", false},
      {"10.0.0.7", "::ffff:10.0.0.7", false},
      {"::ffff:10.0.0.7", "10.0.0.7", false},
      {"::ffff:10.0.0.7", "::FFFF:a00:7", true},
      {"*.0.0.7", "10.0.0.7", false},
      {"spiffe://example.org/web", "spiffe://example.org/web", true},
      {"spiffe://example.org/web", "spiffe://example.org/web/", false},
      {"spiffe://example.org/web", "spiffe://EXAMPLE.org/web", false},
      {"spiffe://example.org/*", "spiffe://example.org/web", false},
      {"spiffe://example.org/web", "example.org", false},
      {"web.internal@x", "web.internal@x", false},
  };
  for (auto const& one : cases) {
    CAPTURE(one.in_certificate);
    CAPTURE(one.asked);
    CHECK(leaf_for({one.in_certificate}).covers(one.asked) == one.covered);
  }
}

TEST_CASE("an address as text is no DNS name, and the common name never counts") {
  CHECK_FALSE(leaf_for({}, "web.internal").covers("web.internal"));
  CHECK_FALSE(leaf_for({"other.internal"}, "web.internal").covers("web.internal"));
  CHECK_FALSE(leaf_for({}, "10.0.0.7").covers("10.0.0.7"));
  CHECK(leaf_for({"a.internal", "10.0.0.7", "b.internal"}).covers("b.internal"));
}

TEST_CASE("the purpose of a certificate is what its extended key usage says") {
  struct {
    testing::Purpose purpose;
    bool server;
    bool client;
  } const cases[] = {{testing::Purpose::server, true, false},
                     {testing::Purpose::client, false, true},
                     {testing::Purpose::both, true, true},
                     {testing::Purpose::none, true, true}};
  for (auto const& one : cases) {
    Certificate const leaf = parsed(testing::self_signed({.purpose = one.purpose}).leaf_pem);
    CHECK(leaf.fit_for_server() == one.server);
    CHECK(leaf.fit_for_client() == one.client);
  }
}

TEST_CASE("a CA's certificate that is read again is the same object, a leaf's is not") {
  Authority const root;
  Pair const pair = root.issue();
  auto const first = read_shared_certificate(root.pem());
  auto const second = read_shared_certificate(root.pem());
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->get() == second->get());
  auto const leaf = read_shared_certificate(pair.leaf_pem);
  auto const again = read_shared_certificate(pair.leaf_pem);
  REQUIRE(leaf);
  REQUIRE(again);
  CHECK(leaf->get() != again->get());
  CHECK(*leaf == *again);
}

TEST_CASE("only the CAs that were read last are held, and one read again is right anyway") {
  Authority const first;
  auto const before = read_shared_certificate(first.pem());
  REQUIRE(before);
  for (int i = 0; i < 40; ++i) REQUIRE(read_shared_certificate(Authority().pem()));
  auto const after = read_shared_certificate(first.pem());
  REQUIRE(after);
  CHECK(before->get() != after->get());
  CHECK(*before == *after);
  CHECK_FALSE(read_shared_certificate("-----BEGIN CERTIFICATE-----\nAAAA\n"));
}

TEST_CASE("what cannot be encoded is thrown, because an empty answer would pass for a real one") {
  CHECK_THROWS(static_cast<void>(Certificate(nullptr).der()));
}
