#include "trust/candidate.hpp"

#include <doctest/doctest.h>

#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using testing::Authority;
using testing::from_now;
using testing::Pair;
using Reasons = std::vector<Reason>;

namespace {

std::string const undecodable = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

}  // namespace

TEST_CASE("a file in no form is refused as what it is") {
  Good const good;
  Pair const pair = good.issue();
  struct {
    std::string text;
    std::string words;
  } const cases[] = {
      {"", "is empty"},
      {"hello\n", "holds no PEM block"},
      {std::string("\x7f\x45\x4c\x46\0\0\0", 7), "is binary"},
      {testing::der_of(pair.leaf_pem).substr(0, 200), "cut off"},
      {testing::der_of(pair.leaf_pem) + pair.leaf_pem, "something follows its DER"},
      {testing::der_of(pair.key_pem) + '\n', "something follows its DER"},
      {std::string("\x30\x82\x00\x03\x05\x00\x00", 7), "neither certificate nor private key"},
      {pair.certificate_pem + pair.key_pem + testing::der_of(pair.key_pem), "something binary"},
      {pair.certificate_pem.substr(0, pair.certificate_pem.size() - 30), "cut off"},
      {pair.certificate_pem.substr(0, 100), "cut off"},
      {"\xef\xbb\xbf" + pair.certificate_pem, "begins with a byte order mark"},
  };
  for (auto const& one : cases) {
    CAPTURE(one.words);
    Sample certificate = good.sample(pair);
    certificate.certificate = one.text;
    Verdict const of_certificate = judged(certificate);
    CHECK(reasons(of_certificate) == Reasons{Reason::malformed_certificate});
    CHECK(says(of_certificate, "/src/tls.crt"));
    CHECK(says(of_certificate, one.words));
    CHECK(of_certificate.incomplete());
    CHECK(of_certificate.certificate_pem.empty());

    Sample key = good.sample(pair);
    key.key = one.text;
    Verdict const of_key = judged(key);
    CHECK(reasons(of_key) == Reasons{Reason::malformed_key});
    CHECK(says(of_key, "/src/tls.key"));
    CHECK(says(of_key, one.words));
    CHECK(of_key.incomplete());
  }
}

TEST_CASE("what stands in a file instead of a certificate is called by its name") {
  Good const good;
  auto const block = [](std::string const& label) {
    return "-----BEGIN " + label + "-----\nMAA=\n-----END " + label + "-----\n";
  };
  struct {
    std::string label;
    std::string words;
  } const cases[] = {{"CERTIFICATE REQUEST", ", but a request for one (CSR), which a CA"},
                     {"NEW CERTIFICATE REQUEST", ", but a request for one (CSR), which a CA"},
                     {"PKCS7", ", but PKCS#7, which openssl pkcs7 -print_certs"},
                     {"X509 CRL", ", but a CRL: write"},
                     {"SOMETHING", ": write"}};
  for (auto const& one : cases) {
    CAPTURE(one.label);
    Sample pair = good.sample();
    pair.certificate = block(one.label);
    CHECK(reasons(pair) == Reasons{Reason::malformed_certificate});
    CHECK(says(judged(pair), "/src/tls.crt holds no certificate" + one.words));
    Sample bundle = good.sample();
    bundle.ca = block(one.label);
    CHECK(reasons(bundle) == Reasons{Reason::malformed_certificate});
    CHECK(says(judged(bundle), "/src/ca.crt holds no certificate" + one.words));
  }
}

TEST_CASE("a byte order mark before a line of text does no harm") {
  Good const good;
  Sample sample = good.sample();
  sample.certificate = "\xef\xbb\xbf# a comment\n" + sample.certificate;
  CHECK(reasons(sample) == Reasons{});
}

TEST_CASE("CRLF and leading text are accepted and published as they are") {
  Good const good;
  Pair const pair = good.issue();
  Sample sample = good.sample(pair);
  sample.certificate =
      "Bag Attributes\n  friendlyName: web\n" + with_carriage_returns(sample.certificate);
  sample.key = "Key Attributes\r\n" + with_carriage_returns(sample.key);
  Verdict const verdict = judged(sample);
  CHECK(verdict.accepted());
  CHECK(verdict.certificate_pem == sample.certificate);
  CHECK(verdict.key_size == sample.key.size());
}

TEST_CASE("a key in every form is accepted, with its curve's parameters before it, too") {
  Good const good;
  for (testing::KeyKind const kind : {testing::p256, testing::rsa(2048)}) {
    Pair const pair = good.issue({.key = kind});
    Sample sample = good.sample(pair);
    sample.key = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" +
                 testing::traditional_key(pair.key_pem);
    CHECK(judged(sample).accepted());
  }
}

TEST_CASE("an encrypted key is refused as such, and the chain is still judged") {
  Good const good;
  Pair const pair = good.issue();
  for (auto const& key : {testing::encrypted_key(pair.key_pem, "secret"),
                          testing::encrypted_traditional_key(pair.key_pem, "secret")}) {
    Sample sample = good.sample(pair);
    sample.key = key;
    sample.anchors = Authority().pem();
    Verdict const verdict = judged(sample);
    CHECK(reasons(verdict) == Reasons{Reason::wrong_passphrase, Reason::incomplete_chain});
    CHECK(says(verdict, "/src/tls.key is encrypted"));
    CHECK(says(verdict, "source.passphrase_file"));
  }
}

TEST_CASE("certificate and key swapped are refused with that question") {
  Good const good;
  Pair const pair = good.issue();
  Verdict const verdict = judged(
      {.certificate = pair.key_pem, .key = pair.certificate_pem, .anchors = good.root.pem()});
  CHECK(reasons(verdict) == Reasons{Reason::malformed_certificate, Reason::malformed_key});
  for (Refusal const& refusal : verdict.refusals) {
    CHECK(refusal.text.find("swapped?") != std::string::npos);
  }
  CHECK(verdict.certificate_pem.empty());
}

TEST_CASE("key and certificate in one file are refused unless it is a bundle") {
  Good const good;
  Pair const pair = good.issue();
  Sample sample = good.sample(pair);
  sample.certificate += pair.key_pem;
  CHECK(reasons(sample) == Reasons{Reason::malformed_certificate});
  CHECK(judged(sample).certificate_pem.empty());
  sample = good.sample(pair);
  sample.key += pair.certificate_pem;
  CHECK(reasons(sample) == Reasons{Reason::malformed_key});
}

TEST_CASE("a key in the certificate file is found even where PEM readers would not see it") {
  Good const good;
  Pair const pair = good.issue();
  Sample sample = good.sample(pair);
  sample.certificate += "\t" + pair.key_pem.substr(0, pair.key_pem.find("-----END"));
  CHECK(reasons(sample) == Reasons{Reason::malformed_certificate});
  CHECK(judged(sample).certificate_pem.empty());
}

TEST_CASE("two private keys are refused") {
  Good const good;
  Sample sample = good.sample();
  sample.key += testing::self_signed().key_pem;
  CHECK(reasons(sample) == Reasons{Reason::malformed_key});
}

TEST_CASE("a bundle holds key and chain in any order, and each is published for itself") {
  Good const good;
  Pair const pair = good.issue();
  for (std::string const& text :
       {pair.key_pem + pair.certificate_pem, pair.certificate_pem + pair.key_pem,
        pair.leaf_pem + "text\n" + pair.key_pem + good.intermediate.pem(),
        good.intermediate.pem() + pair.key_pem + pair.leaf_pem}) {
    Sample const sample{.certificate = text, .anchors = good.root.pem(), .bundle = true};
    Verdict const verdict = judged(sample);
    CHECK(verdict.accepted());
    CHECK(verdict.certificate_pem == pair.certificate_pem);
    CHECK(text.substr(verdict.key_begin, verdict.key_size) == pair.key_pem);
  }
}

TEST_CASE("a bundle without one of its halves is refused for that half") {
  Good const good;
  Pair const pair = good.issue();
  auto const of = [&](std::string const& text) {
    return reasons(Sample{.certificate = text, .anchors = good.root.pem(), .bundle = true});
  };
  CHECK(of(pair.certificate_pem) == Reasons{Reason::malformed_key});
  CHECK(of(pair.key_pem) == Reasons{Reason::malformed_certificate});
  CHECK(of("") == Reasons{Reason::malformed_certificate});
  CHECK(of(pair.certificate_pem + pair.key_pem.substr(0, 60)) ==
        Reasons{Reason::malformed_certificate});
}

TEST_CASE(
    "a certificate that cannot be decoded is refused by its number, and the chain left alone") {
  Good const good;
  Pair const pair = good.issue();
  Sample sample = good.sample(pair);
  sample.certificate = pair.leaf_pem + undecodable;
  Verdict const verdict = judged(sample);
  CHECK(reasons(verdict) == Reasons{Reason::malformed_certificate});
  CHECK(says(verdict, "certificate number 2 cannot be decoded"));
  CHECK(verdict.leaf);
  CHECK(verdict.certificate_pem.empty());
}

TEST_CASE("a CA bundle that is usable says nothing of the pair") {
  Good const good;
  Sample sample = good.sample();
  sample.ca = good.root.pem();
  sample.anchors = good.root.pem();
  sample.key = "damaged";
  Verdict const verdict = judged(sample);
  CHECK_FALSE(verdict.accepted());
  CHECK(verdict.bundle_usable);
  // As the anchors it has been decoded already, and may hold a key all the same.
  sample.ca = *sample.ca + testing::self_signed().key_pem;
  sample.anchors = *sample.ca;
  CHECK_FALSE(judged(sample).bundle_usable);
}

TEST_CASE("a CA bundle must be one, and hold no key") {
  Good const good;
  auto const with_ca = [&](std::string const& ca) {
    Sample sample = good.sample();
    sample.ca = ca;
    return judged(sample);
  };
  Verdict const twice = with_ca(good.root.pem() + good.root.pem());
  CHECK(twice.accepted());
  CHECK(twice.bundle_usable);
  CHECK_FALSE(judged(good.sample()).bundle_usable);
  for (std::string const& bad :
       {std::string(), std::string("none"), undecodable, good.root.pem() + undecodable,
        good.root.pem() + testing::self_signed().key_pem, good.root.pem().substr(0, 50),
        good.root.pem() + testing::der_of(testing::self_signed().key_pem),
        good.root.pem() + std::string("\0", 1), testing::der_of(good.root.pem()) + "\n",
        testing::der_of(testing::self_signed().key_pem)}) {
    Verdict const verdict = with_ca(bad);
    CHECK(reasons(verdict) == Reasons{Reason::malformed_certificate});
    CHECK(says(verdict, "/src/ca.crt"));
    CHECK_FALSE(verdict.bundle_usable);
  }
}
