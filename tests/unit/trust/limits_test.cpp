#include <doctest/doctest.h>

#include "support/sealed.hpp"
#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using testing::Authority;
using testing::Pair;
using Reasons = std::vector<Reason>;

namespace {

std::string times(std::string const& text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

bool refused_as_too_large(Verdict const& verdict, std::string const& words) {
  auto const all = reasons(verdict);
  return std::find(all.begin(), all.end(), Reason::too_large) != all.end() && says(verdict, words);
}

}  // namespace

TEST_CASE("a chain of more than 40 certificates is refused undecoded") {
  Good const good;
  Pair const pair = good.issue();
  Sample sample = good.sample(pair);
  sample.certificate = pair.leaf_pem + times(good.intermediate.pem(), 39);
  CHECK(judged(sample).accepted());
  sample.certificate += good.intermediate.pem();
  Verdict const verdict = judged(sample);
  CHECK(refused_as_too_large(verdict,
                             "/src/tls.crt is refused unread: it holds 41 certificates, more than "
                             "the 40 that are read; leave"));
  CHECK(verdict.certificate_pem.empty());
}

TEST_CASE("a chain larger than peers take in a handshake is refused undecoded") {
  Good const good;
  Sample sample = good.sample();
  // Certificates that cannot be decoded would be refused for that.
  auto const with = [&](std::size_t size) {
    sample.certificate = testing::pem_of("CERTIFICATE", std::string(size, 'x'));
    return judged(sample);
  };
  CHECK(reasons(with(98 * 1024)) == Reasons{Reason::malformed_certificate});
  Verdict const verdict = with(103 * 1024);
  CHECK(reasons(verdict) == Reasons{Reason::too_large});
  CHECK(says(verdict, "/src/tls.crt holds more than the 100 KiB"));
}

TEST_CASE("a CA bundle of more than 500 certificates is refused undecoded") {
  Good const good;
  Sample sample = good.sample();
  sample.ca = times(good.root.pem(), 500);
  CHECK(judged(sample).accepted());
  *sample.ca += good.root.pem();
  CHECK(refused_as_too_large(judged(sample),
                             "/src/ca.crt is refused unread: it holds 501 certificates"));
  CHECK_FALSE(crypto::Anchors::from_bundle(*sample.ca));
}

TEST_CASE("a CA bundle that would take many times its size once decoded is refused undecoded") {
  Good const good;
  // Ten certificates of some 70 KiB, with names of two bytes each, or all of it one name.
  auto const bundle_with = [](std::string const& names) {
    Authority const large({.extensions = {{"subjectAltName", "DER:3083011170" + names}}});
    return times(large.pem(), 10);
  };
  Sample sample = good.sample();
  sample.ca = good.root.pem() + bundle_with("828301116b" + times("61", 0x1116b));
  CHECK_FALSE(says(judged(sample), "small parts"));
  sample.ca = good.root.pem() + bundle_with(times("8200", 35'000));
  CHECK(refused_as_too_large(judged(sample),
                             "/src/ca.crt is refused unread: its certificates have so many small"));
  CHECK_FALSE(crypto::Anchors::from_bundle(*sample.ca));
}

TEST_CASE("a key that is too large, or asks for too much work, is refused with its reason") {
  Good const good;
  Sample sample = good.sample();
  sample.passphrase = "secret";
  sample.key = testing::pem_of("PRIVATE KEY", std::string(100'000, 'x'));
  CHECK(refused_as_too_large(judged(sample), "no private key has more than 16 KiB"));
  sample.key = testing::claimed_key(testing::Scheme::pbes2, 150'000);
  CHECK(refused_as_too_large(judged(sample), "more iterations or memory than is granted"));
  sample.certificate = testing::claimed_pkcs12(1'000'000);
  sample.bundle = true;
  CHECK(refused_as_too_large(judged(sample), "/src/both.pem is refused unread"));
}

TEST_CASE("tens of thousands of blocks of another kind are passed over") {
  Good const good;
  Pair const pair = good.issue();
  Sample sample = good.sample(pair);
  std::string const blocks = times("-----BEGIN X-----\n-----END X-----\n", 30'000);
  sample.certificate += blocks;
  sample.key += blocks;
  CHECK(judged(sample).accepted());
}
