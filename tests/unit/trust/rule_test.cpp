#include <doctest/doctest.h>

#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using testing::Authority;
using testing::from_now;
using testing::Pair;
using Reasons = std::vector<Reason>;

TEST_CASE("pair: a key of another certificate is a mismatch, which a later write may cure") {
  Good const good;
  Sample sample = good.sample(testing::LeafOptions{.common_name = "web"});
  sample.key = testing::self_signed().key_pem;
  Verdict const verdict = judged(sample);
  CHECK(reasons(verdict) == Reasons{Reason::key_mismatch});
  CHECK(verdict.incomplete());
  CHECK(says(verdict, "the key in /src/tls.key does not belong to the certificate CN=web"));
}

TEST_CASE("pair: a new certificate for the same key is accepted") {
  Good const good;
  Pair const first = good.issue();
  CHECK(judged(good.sample(testing::LeafOptions{.key_pem = first.key_pem})).accepted());
}

TEST_CASE("chain: a missing intermediate is incomplete and named, a foreign root is untrusted") {
  Good const good;
  Pair const pair = good.issue({.include_chain = false});
  Verdict const verdict = judged(good.sample(pair));
  CHECK(reasons(verdict) == Reasons{Reason::incomplete_chain});
  CHECK(says(verdict, "the certificate of CN=Intermediate"));
  CHECK(verdict.incomplete());

  Authority const foreign({.common_name = "Foreign"});
  Pair const theirs = foreign.issue();
  Sample sample = good.sample(theirs);
  sample.certificate += foreign.pem();
  CHECK(reasons(sample) == Reasons{Reason::untrusted});
  CHECK_FALSE(judged(sample).incomplete());
  Authority const impostor({.common_name = "Root"});
  CHECK(reasons(good.sample(impostor.issue())) == Reasons{Reason::untrusted});
}

TEST_CASE("chain: a bundle's own certificates are no anchors") {
  Good const good;
  Authority const foreign({.common_name = "Foreign"});
  Pair const pair = foreign.issue();
  Sample sample{.certificate = foreign.pem() + pair.key_pem + pair.leaf_pem,
                .anchors = good.root.pem(),
                .bundle = true};
  CHECK(reasons(sample) == Reasons{Reason::untrusted});
}

TEST_CASE("chain: without anchors the verdict is untrusted and says why there are none") {
  Good const good;
  Sample sample = good.sample();
  sample.anchors = "";
  Verdict const verdict = judged(sample);
  CHECK(reasons(verdict) == Reasons{Reason::untrusted});
  CHECK(says(verdict, "cannot read /etc/anchors.pem"));
}

TEST_CASE("chain: an intermediate out of its time is told apart from the leaf") {
  Authority const root;
  Authority const old = root.intermediate({.common_name = "Old", .not_after = from_now(-hour)});
  Authority const early = root.intermediate({.common_name = "Early", .not_before = from_now(hour)});
  struct {
    Authority const& issuer;
    Reason reason;
    std::string words;
  } const cases[] = {{old, Reason::expired, "CN=Old above the leaf has expired"},
                     {early, Reason::not_yet_valid, "CN=Early above the leaf is not valid yet"}};
  for (auto const& one : cases) {
    Pair const pair = one.issuer.issue();
    Verdict const verdict =
        judged({.certificate = pair.certificate_pem, .key = pair.key_pem, .anchors = root.pem()});
    CHECK(reasons(verdict) == Reasons{one.reason});
    CHECK(says(verdict, one.words));
  }
}

TEST_CASE("chain: a weak intermediate and any other fault are refused with OpenSSL's words") {
  Authority const root;
  Authority const weak = root.intermediate({.key = testing::rsa(1024), .digest = "SHA1"});
  Pair const pair = weak.issue();
  CHECK(
      reasons({.certificate = pair.certificate_pem, .key = pair.key_pem, .anchors = root.pem()}) ==
      Reasons{Reason::weak_key, Reason::weak_signature});

  Authority const narrow({.path_length = 0});
  Pair const deep = narrow.intermediate().issue();
  Verdict const verdict =
      judged({.certificate = deep.certificate_pem, .key = deep.key_pem, .anchors = narrow.pem()});
  CHECK(reasons(verdict) == Reasons{Reason::untrusted});
  CHECK(says(verdict, "path length constraint exceeded"));
}

TEST_CASE("lifetime: a leaf is valid from the second of notBefore to the one before notAfter") {
  Good const good;
  WallTime const from = from_now(-2 * hour);
  WallTime const until = from_now(2 * hour);
  Sample sample = good.sample(testing::LeafOptions{.not_before = from, .not_after = until});
  auto const at = [&](WallTime now) {
    sample.now = now;
    return reasons(sample);
  };
  CHECK(at(from - second) == Reasons{Reason::not_yet_valid});
  CHECK(at(from) == Reasons{});
  CHECK(at(until - second) == Reasons{});
  CHECK(at(until) == Reasons{Reason::expired});
  CHECK(at(until + second) == Reasons{Reason::expired});
}

TEST_CASE("lifetime: the least remaining validity is a duration, a share, or the shorter of both") {
  Good const good;
  WallTime const from = from_now(-2 * hour);
  WallTime const until = from + 10 * hour;
  Sample sample = good.sample(testing::LeafOptions{.not_before = from, .not_after = until});
  struct {
    Threshold least;
    Duration enough;
  } const cases[] = {{{.duration = 3 * hour}, 3 * hour},
                     {{.share = Share{20}}, 2 * hour},
                     {{.duration = 3 * hour, .share = Share{20}}, 2 * hour},
                     {{.duration = hour, .share = Share{20}}, hour}};
  for (auto const& one : cases) {
    sample.rules.min_remaining = one.least;
    sample.now = until - one.enough;
    CHECK(reasons(sample) == Reasons{});
    sample.now += second;
    CHECK(reasons(sample) == Reasons{Reason::min_remaining});
    sample.now = until;
    CHECK(reasons(sample) == Reasons{Reason::expired});
  }
}

TEST_CASE("purpose: server, client, both and any ask for what they say") {
  using settings::Purpose;
  Good const good;
  struct {
    testing::Purpose given;
    Purpose asked;
    std::size_t refused;
  } const cases[] = {
      {testing::Purpose::server, Purpose::server, 0},
      {testing::Purpose::server, Purpose::client, 1},
      {testing::Purpose::server, Purpose::both, 1},
      {testing::Purpose::server, Purpose::any, 0},
      {testing::Purpose::client, Purpose::server, 1},
      {testing::Purpose::client, Purpose::client, 0},
      {testing::Purpose::client, Purpose::both, 1},
      {testing::Purpose::client, Purpose::any, 0},
      {testing::Purpose::both, Purpose::both, 0},
      {testing::Purpose::none, Purpose::both, 0},
  };
  for (auto const& one : cases) {
    Sample sample = good.sample(testing::LeafOptions{.purpose = one.given});
    sample.rules.purpose = one.asked;
    CHECK(reasons(sample) == Reasons(one.refused, Reason::wrong_purpose));
  }
}

TEST_CASE("names: each one that is missing is a refusal, which lists those that are there") {
  Good const good;
  Sample sample = good.sample(testing::LeafOptions{
      .names = {"*.web.internal", "10.0.0.7", "2001:db8::7", "spiffe://example.org/web"}});
  sample.rules.names = {"a.web.internal", "10.0.0.7", "2001:0db8::0007", "spiffe://example.org/web",
                        "*.web.internal"};
  CHECK(reasons(sample) == Reasons{});
  sample.rules.names = {"web.internal", "a.b.web.internal", "10.0.0.8", "2001:db8::8",
                        "spiffe://example.org/"};
  Verdict const verdict = judged(sample);
  CHECK(reasons(verdict) == Reasons(5, Reason::name_missing));
  CHECK(says(verdict,
             "not valid for 10.0.0.8, its names are *.web.internal, 10.0.0.7, "
             "2001:db8::7, spiffe://example.org/web"));
}

TEST_CASE("names: a leaf without names says none, one with many says how many more") {
  Good const good;
  Sample bare = good.sample(testing::LeafOptions{.common_name = "web.internal", .names = {}});
  bare.rules.names = {"web.internal"};
  CHECK(reasons(bare) == Reasons{Reason::name_missing});
  CHECK(says(judged(bare), "its names are none"));
  std::vector<std::string> many;
  for (int i = 0; i < 13; ++i) many.push_back("host" + std::to_string(i) + ".internal");
  Sample full = good.sample(testing::LeafOptions{.names = many});
  full.rules.names = {"web.internal"};
  CHECK(says(judged(full), "host9.internal and 3 more"));
}

TEST_CASE("strength: keys at the least size pass, smaller ones are refused once") {
  Good const good;
  struct {
    testing::KeyKind key;
    unsigned min_rsa;
    unsigned min_ec;
    std::size_t refused;
  } const cases[] = {
      {testing::rsa(2048), 2048, 256, 0},
      {testing::rsa(2048), 2049, 256, 1},
      {testing::rsa(1024), 2048, 256, 1},
      {testing::p256, 2048, 256, 0},
      {testing::p256, 2048, 257, 1},
      {testing::p224, 2048, 256, 1},
      {testing::p224, 2048, 224, 0},
      {testing::p384, 2048, 384, 0},
      {testing::ed25519, 9000, 9000, 0},
      // Less than servers on Debian take stays refused, whatever the configuration asks for.
      {testing::rsa(1024), 1024, 256, 1},
  };
  for (auto const& one : cases) {
    Sample sample = good.sample(testing::LeafOptions{.key = one.key});
    sample.rules.min_rsa_bits = one.min_rsa;
    sample.rules.min_ec_bits = one.min_ec;
    CAPTURE(said(judged(sample)));
    CHECK(reasons(sample) == Reasons(one.refused, Reason::weak_key));
  }
}

TEST_CASE("rotation: nothing older replaces a current one that is valid") {
  Good const good;
  WallTime const issued = from_now(-2 * hour);
  Sample sample = good.sample(testing::LeafOptions{.not_before = issued});
  auto const against = [&](WallTime not_before, WallTime not_after, bool allow_older) {
    sample.current = CertificateFacts{.not_before = not_before, .not_after = not_after};
    sample.rules.allow_older = allow_older;
    return reasons(sample);
  };
  WallTime const later = sample.now + hour;
  CHECK(against(issued - second, later, false) == Reasons{});
  CHECK(against(issued, later, false) == Reasons{});
  CHECK(against(issued + second, later, false) == Reasons{Reason::older_than_current});
  CHECK(against(issued + second, later, true) == Reasons{});
  CHECK(against(issued + second, sample.now + second, false) ==
        Reasons{Reason::older_than_current});
  CHECK(against(issued + second, sample.now, false) == Reasons{});
}

TEST_CASE("access: the key's mode is no wider than configured, and open to others is a warning") {
  using settings::KeyAccess;
  Good const good;
  Pair const pair = good.issue();
  struct {
    unsigned mode;
    KeyAccess loosest;
    bool refused;
    bool warned;
  } const cases[] = {
      {0600, KeyAccess::owner, false, false}, {0400, KeyAccess::owner, false, false},
      {0640, KeyAccess::owner, true, false},  {0620, KeyAccess::owner, true, false},
      {0604, KeyAccess::owner, true, false},  {0640, KeyAccess::group, false, false},
      {0660, KeyAccess::group, false, false}, {0644, KeyAccess::group, true, false},
      {0641, KeyAccess::group, true, false},  {0640, KeyAccess::any, false, false},
      {0644, KeyAccess::any, false, true},    {0602, KeyAccess::any, false, true},
  };
  for (auto const& one : cases) {
    CAPTURE(one.mode);
    Sample sample = good.sample(pair);
    sample.key_mode = one.mode;
    sample.rules.key_access = one.loosest;
    Verdict const verdict = judged(sample);
    CHECK(reasons(verdict) == Reasons(one.refused ? 1 : 0, Reason::key_access));
    CHECK(says(verdict, "others may read or write") == one.warned);
  }
}
