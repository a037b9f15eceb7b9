#include <doctest/doctest.h>

#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using testing::Authority;
using testing::from_now;
using testing::Pair;
using Reasons = std::vector<Reason>;

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

namespace {

struct Shape {
  std::string leaf_and_chain;
  std::string anchors;
  Reasons reasons;
};

void check_all(Pair const& pair, std::vector<Shape> const& shapes) {
  for (Shape const& shape : shapes) {
    Sample const sample{
        .certificate = shape.leaf_and_chain, .key = pair.key_pem, .anchors = shape.anchors};
    CAPTURE(&shape - shapes.data());
    CAPTURE(said(judged(sample)));
    CHECK(reasons(sample) == shape.reasons);
  }
}

Reasons const accepted{};
Reasons const incomplete{Reason::incomplete_chain};
Reasons const untrusted{Reason::untrusted};

}  // namespace

TEST_CASE("chain: order, repetition and strangers in a file do not change the verdict") {
  Authority const root({.common_name = "Root"});
  Authority const upper = root.intermediate({.common_name = "Upper"});
  Authority const lower = upper.intermediate({.common_name = "Lower"});
  Authority const stranger({.common_name = "Stranger"});
  Pair const pair = lower.issue();
  std::string const& leaf = pair.leaf_pem;
  check_all(pair, {{leaf + lower.pem() + upper.pem(), root.pem(), accepted},
                   {leaf + upper.pem() + lower.pem(), root.pem(), accepted},
                   {upper.pem() + lower.pem() + leaf, root.pem(), accepted},
                   {leaf + lower.pem() + lower.pem() + upper.pem(), root.pem(), accepted},
                   {leaf + leaf + lower.pem() + upper.pem(), root.pem(), accepted},
                   {leaf + lower.pem() + upper.pem() + root.pem(), root.pem(), accepted},
                   {leaf + stranger.pem() + upper.pem() + lower.pem(), root.pem(), accepted},
                   {leaf + lower.pem(), upper.pem(), accepted},
                   {leaf, lower.pem(), accepted},
                   {leaf + lower.pem(), root.pem(), incomplete},
                   {leaf + upper.pem(), root.pem(), incomplete},
                   {leaf, root.pem(), incomplete},
                   {leaf + lower.pem() + upper.pem() + root.pem(), stranger.pem(), untrusted}});
}

TEST_CASE("chain: a cross-signed authority leads to whichever root is trusted") {
  Authority const old_root({.common_name = "Old"});
  Authority const new_root({.common_name = "New"});
  Authority const issuer = new_root.intermediate({.common_name = "Issuer"});
  Authority const by_old = old_root.cross_sign(issuer);
  Authority const new_by_old = old_root.cross_sign(new_root);
  Pair const pair = issuer.issue();
  std::string const& leaf = pair.leaf_pem;
  std::string const both = leaf + issuer.pem() + by_old.pem();
  std::string const turned = leaf + by_old.pem() + issuer.pem();
  std::string const over_root = leaf + issuer.pem() + new_by_old.pem();
  check_all(pair, {{both, new_root.pem(), accepted},
                   {both, old_root.pem(), accepted},
                   {turned, new_root.pem(), accepted},
                   {turned, old_root.pem(), accepted},
                   {both, old_root.pem() + new_root.pem(), accepted},
                   {over_root, old_root.pem(), accepted},
                   {over_root, new_root.pem(), accepted},
                   {leaf + by_old.pem(), new_root.pem(), incomplete}});
  Sample const sample{.certificate = both, .key = pair.key_pem, .anchors = new_root.pem()};
  CHECK(said(judged(sample)) == "");
}

TEST_CASE("chain: an expired or weak way up is no obstacle where there is another") {
  Authority const old_root({.common_name = "Old"});
  Authority const new_root({.common_name = "New"});
  Authority const issuer = new_root.intermediate({.common_name = "Issuer"});
  Pair const pair = issuer.issue();
  std::string const& leaf = pair.leaf_pem;
  std::string const roots = old_root.pem() + new_root.pem();
  testing::AuthorityOptions const worse[] = {{.not_after = from_now(-hour)},
                                             {.not_before = from_now(hour)},
                                             {.digest = "SHA1"},
                                             {.key_identifiers = false}};
  for (auto const& options : worse) {
    std::string const cross = old_root.cross_sign(issuer, options).pem();
    check_all(pair, {{leaf + issuer.pem() + cross, roots, accepted},
                     {leaf + cross + issuer.pem(), roots, accepted}});
  }
  Authority const lapsed({.common_name = "New", .not_after = from_now(-hour)});
  Authority const expired_root =
      Authority({.common_name = "X"}).cross_sign(new_root, {.not_after = from_now(-hour)});
  std::string const way = leaf + issuer.pem() + old_root.cross_sign(new_root).pem();
  check_all(pair, {{way, expired_root.pem() + old_root.pem(), accepted},
                   {way, old_root.pem() + expired_root.pem(), accepted},
                   {way, expired_root.pem(), {Reason::expired}},
                   {way, lapsed.pem() + old_root.pem(), accepted}});
}

TEST_CASE("chain: of two keys of one CA the right one is found, with key identifiers or without") {
  for (bool const identifiers : {true, false}) {
    CAPTURE(identifiers);
    Authority const first({.common_name = "CA", .key_identifiers = identifiers});
    Authority const next({.common_name = "CA", .key_identifiers = identifiers});
    Pair const pair = next.issue({.key_identifiers = identifiers});
    check_all(pair, {{pair.leaf_pem, first.pem() + next.pem(), accepted},
                     {pair.leaf_pem, next.pem() + first.pem(), accepted},
                     {pair.leaf_pem, first.pem(), untrusted}});
    Authority const below_first =
        first.intermediate({.common_name = "Issuer", .key_identifiers = identifiers});
    Authority const below_next = next.cross_sign(below_first, {.key_identifiers = identifiers});
    Pair const lower = below_first.issue({.key_identifiers = identifiers});
    std::string const ways = lower.leaf_pem + below_next.pem() + below_first.pem();
    check_all(lower, {{ways, first.pem(), accepted},
                      {ways, next.pem(), accepted},
                      {ways, next.pem() + first.pem(), accepted}});
  }
}

TEST_CASE("chain: a maze of twins ends, and is told as untrusted") {
  Authority const root({.common_name = "Twin"});
  Authority issuer({.common_name = "Twin", .key_identifiers = false});
  std::string chain;
  for (int i = 0; i < 30; ++i) {
    chain += issuer.pem();
    issuer = issuer.intermediate({.common_name = "Twin", .key_identifiers = false});
  }
  Pair const pair = issuer.issue({.key_identifiers = false});
  Sample const sample{
      .certificate = pair.leaf_pem + chain, .key = pair.key_pem, .anchors = root.pem()};
  auto const broken = reasons(sample);
  CHECK(std::find(broken.begin(), broken.end(), Reason::untrusted) != broken.end());
}

TEST_CASE("chain: sixteen certificates may stand between leaf and anchor, and no more") {
  Authority const root({.common_name = "Root"});
  Authority issuer = root;
  for (int i = 1; i <= 17; ++i) {
    issuer = issuer.intermediate({.common_name = "Below " + std::to_string(i)});
    if (i < 16) continue;
    Pair const pair = issuer.issue();
    Sample const sample{
        .certificate = pair.certificate_pem, .key = pair.key_pem, .anchors = root.pem()};
    CAPTURE(said(judged(sample)));
    CHECK(reasons(sample) == (i == 16 ? accepted : untrusted));
    CHECK(says(judged(sample), "more than 16 certificates would lead") == (i == 17));
  }
}

TEST_CASE("chain: an authority's path length holds, and one more below it does not") {
  for (int const limit : {0, 1, 2}) {
    Authority const root({.common_name = "Root", .path_length = limit});
    Authority issuer = root;
    for (int below = 0; below <= limit + 1; ++below) {
      Pair const pair = issuer.issue();
      Sample const sample{
          .certificate = pair.certificate_pem, .key = pair.key_pem, .anchors = root.pem()};
      CHECK(reasons(sample) == (below <= limit ? accepted : untrusted));
      CHECK(says(judged(sample),
                 "more authorities stand below CN=Root than its path length allows "
                 "(RFC 5280 section 4.2.1.9)") == (below > limit));
      issuer = issuer.intermediate({.common_name = "Below " + std::to_string(below)});
    }
  }
}

TEST_CASE("chain: name constraints of an authority hold for every name of the leaf") {
  struct {
    std::string constraints;
    std::vector<std::string> names;
    bool accepted;
  } const cases[] = {
      {"critical,permitted;DNS:example.org", {"example.org", "a.b.example.org"}, true},
      {"critical,permitted;DNS:example.org", {"a.example.org", "a.example.com"}, false},
      {"critical,permitted;DNS:example.org", {"badexample.org"}, false},
      {"critical,permitted;DNS:example.org", {"10.0.0.7"}, true},
      {"critical,excluded;DNS:example.org", {"example.com"}, true},
      {"critical,excluded;DNS:example.org", {"a.example.org"}, false},
      {"critical,permitted;IP:10.0.0.0/255.255.255.0", {"10.0.0.255"}, true},
      {"critical,permitted;IP:10.0.0.0/255.255.255.0", {"10.0.1.0"}, false},
      {"critical,permitted;URI:example.org", {"spiffe://example.org/web"}, true},
      {"critical,permitted;URI:example.org", {"spiffe://example.com/web"}, false},
  };
  Authority const root;
  for (auto const& one : cases) {
    CAPTURE(one.constraints);
    CAPTURE(one.names.back());
    Authority const issuer = root.intermediate(
        {.common_name = "Narrow", .extensions = {{"nameConstraints", one.constraints}}});
    Pair const pair = issuer.issue({.common_name = "leaf", .names = one.names});
    Sample const sample{
        .certificate = pair.certificate_pem, .key = pair.key_pem, .anchors = root.pem()};
    CHECK(reasons(sample) == (one.accepted ? accepted : untrusted));
    Verdict const verdict = judged(sample);
    CHECK(says(verdict, "that an authority above it does not allow") != one.accepted);
    CHECK(says(verdict, "subtree violation of CN=Narrow (RFC 5280") != one.accepted);
  }
}

TEST_CASE("chain: names times constraints beyond what OpenSSL compares are told as such") {
  std::string constraints = "critical";
  std::vector<std::string> names;
  for (int i = 0; i < 1100; ++i) {
    constraints += ",excluded;DNS:x" + std::to_string(i);
    names.push_back("a" + std::to_string(i));
  }
  Authority const root;
  Authority const issuer =
      root.intermediate({.common_name = "Wide", .extensions = {{"nameConstraints", constraints}}});
  Pair const pair = issuer.issue({.names = names});
  Verdict const verdict =
      judged({.certificate = pair.certificate_pem, .key = pair.key_pem, .anchors = root.pem()});
  CHECK(reasons(verdict) == untrusted);
  CHECK(says(verdict, "OpenSSL gives up on verifying CN=test leaf"));
}

TEST_CASE("chain: what an authority is made of is told in plain words with its section") {
  struct {
    testing::AuthorityOptions options;
    std::string words;
  } const cases[] = {
      {{.basic_constraints = "critical,CA:FALSE", .key_usage = ""},
       "CN=Odd issued CN=test leaf, and is no authority"},
      {{.key_usage = "critical,cRLSign"},
       "CN=Odd issued CN=test leaf, and its keyUsage lacks "
       "keyCertSign (RFC 5280 section 4.2.1.3)"},
      {{.extensions = {{"1.2.3.4", "critical,DER:0500"}}},
       "CN=Odd has a critical extension that OpenSSL does not know, 1.2.3.4, so that"},
  };
  Authority const root;
  for (auto one : cases) {
    CAPTURE(one.words);
    one.options.common_name = "Odd";
    Pair const pair = root.intermediate(one.options).issue();
    Sample const sample{
        .certificate = pair.certificate_pem, .key = pair.key_pem, .anchors = root.pem()};
    auto const broken = reasons(sample);
    CHECK(std::count(broken.begin(), broken.end(), Reason::untrusted) == 1);
    CHECK(says(judged(sample), one.words));
  }
  Pair const harmless = root.issue({.extensions = {{"1.2.3.4", "DER:0500"}}});
  CHECK(
      reasons({.certificate = harmless.leaf_pem, .key = harmless.key_pem, .anchors = root.pem()}) ==
      accepted);
}
