#include <doctest/doctest.h>

#include "support/sealed.hpp"
#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using testing::der_of;
using testing::Pair;
using Reasons = std::vector<Reason>;

namespace {

// What would be published as key.
std::string published_key(Verdict const& verdict, std::string const& file) {
  return verdict.key_pem.empty() ? file.substr(verdict.key_begin, verdict.key_size)
                                 : std::string(verdict.key_pem.view());
}

Sample bundle_of(Good const& good, std::string const& text) {
  return {.certificate = text, .anchors = good.root.pem(), .bundle = true};
}

}  // namespace

TEST_CASE("certificate and key are taken in every form and published as PEM") {
  Good const good;
  // Without an intermediate, because DER holds one certificate.
  Pair const pair = good.root.issue();
  std::string const encrypted = testing::encrypted_key(pair.key_pem, "secret");
  for (std::string const& certificate : {pair.leaf_pem, der_of(pair.leaf_pem)}) {
    for (std::string const& key :
         {pair.key_pem, der_of(pair.key_pem), der_of(testing::traditional_key(pair.key_pem)),
          encrypted, der_of(encrypted),
          testing::encrypted_traditional_key(pair.key_pem, "secret")}) {
      Sample sample = good.sample(pair);
      sample.certificate = certificate;
      sample.key = key;
      sample.passphrase = "secret\nand what follows\n";
      Verdict const verdict = judged(sample);
      CHECK(said(verdict) == "");
      CHECK(verdict.certificate_pem == pair.leaf_pem);
      CHECK(published_key(verdict, key) == pair.key_pem);
      CHECK(verdict.key_pem.empty() == (key == pair.key_pem));
    }
  }
}

TEST_CASE("a PKCS#12 is taken as bundle, and its order is nobody's fault") {
  Good const good;
  Pair const pair = good.issue();
  testing::Store store{.keys = {pair.key_pem},
                       .certificates = pair.certificate_pem,
                       .sealing = {.passphrase = "secret"}};
  for (bool const leaf_last : {false, true}) {
    if (leaf_last) store.certificates = good.intermediate.pem() + pair.leaf_pem;
    Sample sample = bundle_of(good, testing::pkcs12(store));
    sample.passphrase = "secret";
    Verdict const verdict = judged(sample);
    CHECK(said(verdict) == "");
    CHECK(verdict.certificate_pem == pair.certificate_pem);
    CHECK(verdict.key_pem.view() == pair.key_pem);
    CHECK(judged(sample).key_pem.view() == pair.key_pem);
  }
}

TEST_CASE("an encrypted key inside a bundle is opened, too") {
  Good const good;
  Pair const pair = good.issue();
  Sample sample =
      bundle_of(good, testing::encrypted_key(pair.key_pem, "secret") + pair.certificate_pem);
  sample.passphrase = "secret\n";
  Verdict const verdict = judged(sample);
  CHECK(said(verdict) == "");
  CHECK(verdict.certificate_pem == pair.certificate_pem);
  CHECK(verdict.key_pem.view() == pair.key_pem);
}

TEST_CASE("a passphrase that cannot be used does no harm where none is needed") {
  Good const good;
  Pair const pair = good.issue();
  for (std::string const& unused : {std::string(), std::string("a\0", 2)}) {
    Sample sample = good.sample(pair);
    sample.passphrase = unused;
    CHECK(judged(sample).accepted());
    sample = bundle_of(
        good, testing::pkcs12({.keys = {pair.key_pem}, .certificates = pair.certificate_pem}));
    sample.passphrase = unused;
    CHECK(judged(sample).accepted());
  }
}

TEST_CASE("what a passphrase does not open is refused with the key to set or the file to correct") {
  Good const good;
  Pair const pair = good.issue();
  std::string const encrypted = testing::encrypted_key(pair.key_pem, "secret");
  std::string const store = testing::pkcs12({.keys = {pair.key_pem},
                                             .certificates = pair.certificate_pem,
                                             .sealing = {.passphrase = "secret"}});
  for (std::string const& key : {encrypted, der_of(encrypted), store}) {
    bool const bundle = key == store;
    Sample sample = good.sample(pair);
    if (bundle) sample = bundle_of(good, store);
    sample.key = key;
    std::string const path = bundle ? "/src/both.pem" : "/src/tls.key";

    Verdict const without = judged(sample);
    CHECK(reasons(without) == Reasons{Reason::wrong_passphrase});
    CHECK(says(without, path + " is encrypted"));
    CHECK(says(without, "source.passphrase_file"));

    std::string const unusable =
        path + " is encrypted, and the passphrase in /src/pass cannot be used, ";
    struct {
      std::string passphrase;
      std::string words;
    } const cases[] = {
        {"", unusable + "its first line is empty: write the passphrase as its first line"},
        {"\nsecret", unusable + "its first line is empty: write"},
        {std::string("secret\0", 7), unusable + "it holds a zero byte: write"},
        {"guess\n", "the passphrase in /src/pass does not open " + path},
    };
    for (auto const& one : cases) {
      CAPTURE(one.words);
      sample.passphrase = one.passphrase;
      Verdict const verdict = judged(sample);
      CHECK(reasons(verdict) == Reasons{Reason::wrong_passphrase});
      CHECK(verdict.incomplete());
      CHECK(says(verdict, one.words));
      CHECK_FALSE(says(verdict, "guess"));
      CHECK(verdict.key_pem.empty());
    }
  }
}

TEST_CASE("a PKCS#12 in the place of certificate or key is refused") {
  Good const good;
  Pair const pair = good.issue();
  std::string const store =
      testing::pkcs12({.keys = {pair.key_pem}, .certificates = pair.certificate_pem});
  Sample sample = good.sample(pair);
  sample.certificate = store;
  Verdict const as_certificate = judged(sample);
  CHECK(reasons(as_certificate) == Reasons{Reason::malformed_certificate});
  CHECK(says(as_certificate, "name the file as source.bundle"));
  CHECK(as_certificate.certificate_pem.empty());
  sample = good.sample(pair);
  sample.key = store;
  CHECK(reasons(sample) == Reasons{Reason::malformed_key});
  sample = good.sample(pair);
  sample.ca = store;
  Verdict const as_ca = judged(sample);
  CHECK(reasons(as_ca) == Reasons{Reason::malformed_certificate});
  CHECK(says(as_ca, "/src/ca.crt cannot be decoded: it is a PKCS#12"));
}

TEST_CASE("certificate and key swapped are told in DER, too") {
  Good const good;
  Pair const pair = good.root.issue();
  Verdict const verdict = judged({.certificate = der_of(pair.key_pem),
                                  .key = der_of(pair.leaf_pem),
                                  .anchors = good.root.pem()});
  CHECK(reasons(verdict) == Reasons{Reason::malformed_certificate, Reason::malformed_key});
  CHECK(says(verdict, "are certificate and key swapped?"));
}

TEST_CASE("a CA bundle in DER is published as PEM, and one in PEM as it is") {
  Good const good;
  Sample sample = good.sample();
  sample.ca = der_of(good.root.pem());
  CHECK(judged(sample).ca_pem == good.root.pem());
  // The anchors may be that file.
  sample.anchors = *sample.ca;
  CHECK(judged(sample).accepted());
  CHECK(judged(sample).ca_pem == good.root.pem());
  sample.ca = good.root.pem();
  CHECK(judged(sample).ca_pem.empty());
}

TEST_CASE("a certificate in OpenSSL's own form is refused by name, wherever it stands") {
  Good const good;
  Pair const pair = good.issue();
  std::string const trusted =
      testing::pem_of("TRUSTED CERTIFICATE", der_of(good.intermediate.pem()));
  Sample chain = good.sample(pair);
  chain.certificate = pair.leaf_pem + trusted;
  Sample bundle = good.sample(pair);
  bundle.ca = good.root.pem() + trusted;
  for (Sample const& sample : {chain, bundle}) {
    Verdict const verdict = judged(sample);
    CHECK(reasons(verdict) == Reasons{Reason::malformed_certificate});
    CHECK(says(verdict,
               ": there is a TRUSTED CERTIFICATE in it: only programs by OpenSSL read that form"));
  }
}
