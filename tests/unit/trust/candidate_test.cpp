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

std::string with_carriage_returns(std::string const& text) {
  std::string out;
  for (char const character : text) out += character == '\n' ? "\r\n" : std::string(1, character);
  return out;
}

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

TEST_CASE("the leaf is the certificate that the key belongs to, an authority or not") {
  Pair const pair = testing::self_signed({.common_name = "served"});
  Good const good;
  Sample sample{.certificate = good.root.pem() + pair.leaf_pem,
                .key = pair.key_pem,
                .anchors = pair.leaf_pem};
  Verdict const verdict = judged(sample);
  CHECK(verdict.accepted());
  CHECK(verdict.leaf->subject == "CN=served");
  CHECK(says(verdict, "CN=Root is no issuer of the leaf"));
}

TEST_CASE("without a key that fits, the leaf is the first that is no authority, else the first") {
  Good const good;
  Pair const pair = good.issue({.common_name = "served"});
  Sample sample{.certificate = good.intermediate.pem() + pair.leaf_pem,
                .key = testing::self_signed().key_pem,
                .anchors = good.root.pem()};
  CHECK(judged(sample).leaf->subject == "CN=served");
  sample.certificate = good.intermediate.pem() + good.root.pem();
  CHECK(judged(sample).leaf->subject == "CN=Intermediate");
}

TEST_CASE("two leaves are refused with both their names") {
  Good const good;
  Pair const ours = good.issue({.common_name = "ours"});
  Pair const other = good.issue({.common_name = "other"});
  for (std::string const& text :
       {ours.leaf_pem + other.certificate_pem, other.leaf_pem + ours.certificate_pem}) {
    Sample sample = good.sample(ours);
    sample.certificate = text;
    Verdict const verdict = judged(sample);
    CHECK(reasons(verdict) == Reasons{Reason::malformed_certificate});
    CHECK(says(verdict, "two leaf certificates, CN=ours and CN=other"));
    CHECK(verdict.leaf->subject == "CN=ours");
  }
}

TEST_CASE("an authority that may not sign is no second leaf, and only matters on the path") {
  Authority const root({.common_name = "Root"});
  testing::AuthorityOptions const powerless{.common_name = "Issuer", .key_usage = "cRLSign"};
  Authority const issuer = root.intermediate({.common_name = "Issuer"});
  Authority const twin = root.cross_sign(issuer, powerless);
  Authority const other = root.intermediate({.common_name = "Other", .key_usage = "cRLSign"});
  Pair const pair = issuer.issue();
  for (Authority const* const unneeded : {&twin, &other}) {
    for (std::string const& text : {pair.leaf_pem + issuer.pem() + unneeded->pem(),
                                    pair.leaf_pem + unneeded->pem() + issuer.pem(),
                                    unneeded->pem() + pair.leaf_pem + issuer.pem()}) {
      Verdict const verdict =
          judged({.certificate = text, .key = pair.key_pem, .anchors = root.pem()});
      CAPTURE(said(verdict));
      CHECK(verdict.accepted());
      CHECK(says(verdict, "CN=Other is no issuer") == (unneeded == &other));
    }
  }
  Verdict const needed = judged(
      {.certificate = pair.leaf_pem + twin.pem(), .key = pair.key_pem, .anchors = root.pem()});
  CHECK(reasons(needed) == Reasons{Reason::untrusted});
  CHECK(says(needed, "its keyUsage lacks keyCertSign"));
}

TEST_CASE("the order of a refused chain never changes its codes") {
  Authority const root({.common_name = "Root"});
  Authority const impostor({.common_name = "Root"});
  Authority const upper = root.intermediate({.common_name = "Upper"});
  Authority const lower = upper.intermediate({.common_name = "Lower"});
  Authority const old = upper.cross_sign(lower, {.not_after = from_now(-hour)});
  Authority const weak = upper.cross_sign(lower, {.digest = "SHA1"});
  Authority const powerless = upper.cross_sign(lower, {.key_usage = "cRLSign"});
  Authority const no_ca = upper.cross_sign(lower, {.basic_constraints = "CA:FALSE"});
  Authority const false_root = impostor.cross_sign(upper);
  Authority const stranger({.common_name = "Stranger", .key_usage = "cRLSign"});
  Pair const pair = lower.issue();
  std::vector<std::string> const others = {lower.pem(),     old.pem(),   weak.pem(),
                                           powerless.pem(), no_ca.pem(), false_root.pem(),
                                           stranger.pem(),  upper.pem()};
  for (std::size_t chosen = 0; chosen < 1U << others.size(); ++chosen) {
    std::vector<std::string> blocks = {pair.leaf_pem};
    for (std::size_t i = 0; i < others.size(); ++i)
      if ((chosen >> i & 1U) != 0) blocks.push_back(others[i]);
    if (blocks.size() < 3 || blocks.size() > 4) continue;
    std::sort(blocks.begin(), blocks.end());
    std::optional<Reasons> first;
    do {
      std::string text;
      for (std::string const& block : blocks) text += block;
      Verdict const verdict =
          judged({.certificate = text, .key = pair.key_pem, .anchors = root.pem()});
      CAPTURE(chosen);
      CAPTURE(said(verdict));
      if (!first) first = reasons(verdict);
      CHECK(reasons(verdict) == *first);
    } while (std::next_permutation(blocks.begin(), blocks.end()));
  }
}

TEST_CASE("the order of the chain never changes the verdict, and it is published leaf first") {
  Authority const root;
  Authority const upper = root.intermediate({.common_name = "Upper"});
  Authority const lower = upper.intermediate({.common_name = "Lower"});
  Pair const pair = lower.issue();
  std::string const right = pair.leaf_pem + lower.pem() + upper.pem();
  std::vector<std::string> blocks = {pair.leaf_pem, lower.pem(), upper.pem()};
  std::sort(blocks.begin(), blocks.end());
  std::size_t warned = 0;
  do {
    Verdict const verdict = judged({.certificate = blocks[0] + blocks[1] + blocks[2],
                                    .key = pair.key_pem,
                                    .anchors = root.pem()});
    CHECK(verdict.accepted());
    CHECK(verdict.certificate_pem == right);
    warned += says(verdict, "out of order") ? 1 : 0;
  } while (std::next_permutation(blocks.begin(), blocks.end()));
  CHECK(warned == 5);
}

TEST_CASE("the order of cross-signed and duplicate intermediates never changes the verdict") {
  Authority const old_root({.common_name = "Old Root"});
  Authority const new_root({.common_name = "New Root"});
  Authority const lower = new_root.intermediate({.common_name = "Lower"});
  Authority const by_old = old_root.cross_sign(lower);
  Pair const pair = lower.issue();
  std::vector<std::string> blocks = {pair.leaf_pem, lower.pem(), by_old.pem(),
                                     old_root.cross_sign(new_root).pem(), lower.pem()};
  std::sort(blocks.begin(), blocks.end());
  std::size_t orders = 0;
  do {
    std::string text;
    for (std::string const& block : blocks) text += block;
    Verdict const verdict = judged(
        {.certificate = text, .key = pair.key_pem, .anchors = old_root.pem() + new_root.pem()});
    CHECK(verdict.accepted());
    CHECK(says(verdict, "twice"));
    CHECK(verdict.certificate_pem.starts_with(pair.leaf_pem));
    Verdict const stranger =
        judged({.certificate = text, .key = pair.key_pem, .anchors = Authority().pem()});
    CHECK(reasons(stranger) == Reasons{Reason::incomplete_chain});
    ++orders;
  } while (std::next_permutation(blocks.begin(), blocks.end()));
  CHECK(orders == 60);
}

TEST_CASE("a chain put in order keeps its blocks, and a last line without its end gets one") {
  Good const good;
  Pair const pair = good.issue();
  std::string const last = with_carriage_returns(pair.leaf_pem);
  Sample sample = good.sample(pair);
  sample.certificate = good.intermediate.pem() + last.substr(0, last.size() - 2);
  CHECK(judged(sample).certificate_pem ==
        last.substr(0, last.size() - 2) + "\n" + good.intermediate.pem());
}

TEST_CASE("duplicates are published once, with a warning") {
  Good const good;
  Pair const pair = good.issue();
  for (std::string const& text :
       {pair.certificate_pem + pair.certificate_pem, pair.leaf_pem + pair.certificate_pem,
        pair.certificate_pem + good.intermediate.pem()}) {
    Sample sample = good.sample(pair);
    sample.certificate = text;
    Verdict const verdict = judged(sample);
    CHECK(verdict.accepted());
    CHECK(verdict.certificate_pem == pair.certificate_pem);
    CHECK(says(verdict, "twice"));
  }
}

TEST_CASE("an anchor inside the file stays there") {
  Good const good;
  Sample sample = good.sample();
  sample.certificate += good.root.pem();
  Verdict const verdict = judged(sample);
  CHECK(verdict.accepted());
  CHECK(verdict.warnings.empty());
  CHECK(verdict.certificate_pem == sample.certificate);
}

TEST_CASE("a certificate that is on no path is kept behind the chain, with a warning") {
  Good const good;
  Authority const stranger({.common_name = "Stranger"});
  Pair const pair = good.issue();
  Sample sample = good.sample(pair);
  sample.certificate = pair.leaf_pem + stranger.pem() + good.intermediate.pem();
  Verdict const verdict = judged(sample);
  CHECK(verdict.accepted());
  CHECK(says(verdict, "CN=Stranger is no issuer of the leaf"));
  CHECK(verdict.certificate_pem == pair.certificate_pem + stranger.pem());
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
