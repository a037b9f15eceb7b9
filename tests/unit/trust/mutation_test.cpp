#include <doctest/doctest.h>

#include "crypto/pem.hpp"
#include "support/sealed.hpp"
#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using testing::Authority;
using testing::Pair;

// Whatever happens to a good pair's bytes: either it is refused, or what is published is the very
// same certificate and key.
namespace {

crypto::Certificate leaf_in(std::string const& pem) {
  auto const blocks = crypto::pem_blocks(pem).value();
  REQUIRE_FALSE(blocks.empty());
  return crypto::read_certificate(pem.substr(blocks[0].begin, blocks[0].size)).value();
}

std::string published_key(Verdict const& verdict, std::string const& file) {
  return verdict.key_pem.empty() ? file.substr(verdict.key_begin, verdict.key_size)
                                 : std::string(verdict.key_pem.view());
}

// A flipped lowest bit, a flipped highest bit, zero, and a letter that base64 has.
std::vector<char> mutations_of(char byte) {
  return {static_cast<char>(byte ^ 0x01), static_cast<char>(byte ^ 0x80), '\0', 'A'};
}

// How many mutations of the file from its byte `begin` on were accepted all the same.
std::size_t mutate(Sample const& good, std::string Sample::*file, std::size_t begin = 0) {
  Verdict const before = judged(good);
  REQUIRE(before.accepted());
  crypto::Certificate const leaf = leaf_in(before.certificate_pem);
  std::string const key = testing::numbers_of(published_key(before, good.key));
  std::size_t accepted = 0;
  Sample sample = good;
  for (std::size_t at = begin; at < (good.*file).size(); ++at) {
    for (char const byte : mutations_of((good.*file)[at])) {
      (sample.*file)[at] = byte;
      if (byte == (good.*file)[at]) continue;
      Verdict const verdict = judged(sample);
      if (!verdict.accepted()) continue;
      ++accepted;
      CAPTURE(at);
      CHECK(leaf_in(verdict.certificate_pem) == leaf);
      CHECK(testing::numbers_of(published_key(verdict, sample.key)) == key);
    }
    (sample.*file)[at] = (good.*file)[at];
  }
  return accepted;
}

}  // namespace

TEST_CASE("a mutated byte anywhere in a good pair in PEM never yields another one") {
  Good const good;
  Sample const sample = good.sample(good.root.issue());
  // White space may change.
  CHECK(mutate(sample, &Sample::certificate) < 5);
  CHECK(mutate(sample, &Sample::key) < 5);
}

TEST_CASE("a mutated byte anywhere in a good pair in DER never yields another one") {
  Good const good;
  for (testing::KeyKind const kind : {testing::p256, testing::ed25519}) {
    Pair const pair = good.root.issue({.key = kind});
    Sample sample = good.sample(pair);
    sample.certificate = testing::der_of(pair.leaf_pem);
    sample.key = testing::der_of(pair.key_pem);
    CHECK(mutate(sample, &Sample::certificate) == 0);
    // OpenSSL reads over the version numbers.
    CHECK(mutate(sample, &Sample::key) < 10);
  }
}

TEST_CASE("a mutated byte anywhere in an RSA key never yields another one") {
  Good const good;
  Pair const pair = good.root.issue({.key = testing::rsa(2048)});
  Sample sample = good.sample(pair);
  sample.key = testing::der_of(pair.key_pem);
  // Version numbers, and the algorithm's empty parameters.
  CHECK(mutate(sample, &Sample::key) < 15);
}

TEST_CASE("a mutated byte anywhere in an intermediate never yields another leaf or key") {
  Good const good;
  Pair const pair = good.issue();
  mutate(good.sample(pair), &Sample::certificate, pair.leaf_pem.size());
}
