#include "trust/chain_order.hpp"

#include <doctest/doctest.h>

#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using testing::Authority;
using testing::from_now;
using testing::Pair;
using Reasons = std::vector<Reason>;

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
