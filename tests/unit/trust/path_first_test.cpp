#include "trust/path_first.hpp"

#include <doctest/doctest.h>

#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using testing::Authority;
using testing::Pair;

namespace {

/// An issuer with two certificates: one below the root that peers trust, one below another.
struct Twins {
  Authority trusted = Authority({.common_name = "Trusted"});
  Authority other = Authority({.common_name = "Other"});
  Authority issuer = trusted.intermediate({.common_name = "Issuer"});
  Authority by_other = other.cross_sign(issuer);
  Pair pair = issuer.issue({.include_chain = false});

  [[nodiscard]] Verdict judged_as(std::string const& chain, std::string const& anchors) const {
    return judged({.certificate = chain, .key = pair.key_pem, .anchors = anchors});
  }
};

}  // namespace

TEST_CASE("the certificate that leads to an anchor is published before its twin") {
  Twins const twins;
  std::string const ours = twins.issuer.pem();
  std::string const others = twins.by_other.pem();
  std::string const leaf = twins.pair.leaf_pem;
  struct {
    std::string chain;
    std::string anchors;
    std::string published;
    bool warned;
  } const cases[] = {
      {leaf + others + ours, twins.trusted.pem(), leaf + ours + others, true},
      {leaf + ours + others, twins.trusted.pem(), leaf + ours + others, false},
      {leaf + ours + others, twins.other.pem(), leaf + others + ours, true},
      {leaf + others + ours, twins.other.pem(), leaf + others + ours, false},
      {"text\n" + leaf + others + ours, twins.trusted.pem(), leaf + ours + others, true},
  };
  for (auto const& one : cases) {
    Verdict const verdict = twins.judged_as(one.chain, one.anchors);
    CHECK(verdict.accepted());
    CHECK(verdict.certificate_pem == one.published);
    CHECK(says(verdict, "the one that does is published before it") == one.warned);
  }
}

TEST_CASE("the path is published in its own order, whatever the file's, and the rest behind it") {
  Authority const root({.common_name = "Root"});
  Authority const upper = root.intermediate({.common_name = "Upper"});
  Authority const lower = upper.intermediate({.common_name = "Lower"});
  Authority const elsewhere = Authority().intermediate({.common_name = "Elsewhere"});
  Authority const by_elsewhere = elsewhere.cross_sign(lower);
  Pair const pair = lower.issue({.include_chain = false});
  std::string const path = pair.leaf_pem + lower.pem() + upper.pem();
  struct {
    std::string chain;
    std::string published;
  } const cases[] = {
      {pair.leaf_pem + by_elsewhere.pem() + upper.pem() + lower.pem(), path + by_elsewhere.pem()},
      {pair.leaf_pem + by_elsewhere.pem() + elsewhere.pem() + upper.pem() + lower.pem(),
       path + by_elsewhere.pem() + elsewhere.pem()},
      {pair.leaf_pem + by_elsewhere.pem() + lower.pem() + elsewhere.pem() + upper.pem(),
       path + by_elsewhere.pem() + elsewhere.pem()},
  };
  for (auto const& one : cases) {
    Verdict const verdict =
        judged({.certificate = one.chain, .key = pair.key_pem, .anchors = root.pem()});
    CHECK(verdict.accepted());
    CHECK(verdict.certificate_pem == one.published);
  }
}

TEST_CASE("a chain that is all path, or leads nowhere, stays as it is") {
  Twins const twins;
  std::string const chain = twins.pair.leaf_pem + twins.issuer.pem() + twins.trusted.pem();
  CHECK(twins.judged_as(chain, twins.trusted.pem()).certificate_pem == chain);
  CHECK(twins.judged_as(chain, twins.issuer.pem()).certificate_pem == chain);
  std::string const lost = twins.pair.leaf_pem + twins.by_other.pem() + twins.issuer.pem();
  Verdict const nowhere = twins.judged_as(lost, Authority().pem());
  CHECK_FALSE(nowhere.accepted());
  CHECK(nowhere.certificate_pem == lost);
}
