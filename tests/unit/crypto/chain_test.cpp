#include "crypto/chain.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "support/pki.hpp"

using namespace certpivot;
using namespace certpivot::crypto;
using testing::Authority;
using testing::from_now;
using testing::Pair;

namespace {

auto const hour = std::chrono::hours(1);

Certificate parsed(std::string const& pem) {
  auto certificate = read_certificate(pem);
  REQUIRE(certificate);
  return *certificate;
}

std::vector<Certificate> all_of(std::vector<std::string> const& pems) {
  std::vector<Certificate> certificates;
  for (std::string const& pem : pems) certificates.push_back(parsed(pem));
  return certificates;
}

ChainAnswer verified(std::string const& leaf, std::vector<std::string> const& intermediates,
                     std::string const& anchors, WallTime now = from_now({})) {
  auto const trusted = Anchors::from_bundle(anchors);
  REQUIRE(trusted);
  Certificate const certificate = parsed(leaf);
  auto const helpers = all_of(intermediates);
  return verify_chain({certificate, helpers, **trusted, now});
}

using Faults = std::vector<ChainFault>;
Faults faults(ChainAnswer const& answer) {
  Faults all;
  for (ChainProblem const& problem : answer.problems) all.push_back(problem.fault);
  std::sort(all.begin(), all.end());
  return all;
}

// Without those that only strict checking finds.
Faults serious(ChainAnswer const& answer) {
  Faults all = faults(answer);
  all.erase(std::remove(all.begin(), all.end(), ChainFault::strict), all.end());
  return all;
}

}  // namespace

TEST_CASE("a chain to an anchor holds, and its path is told from the leaf up") {
  Authority const root;
  Authority const upper = root.intermediate({.common_name = "Upper"});
  Authority const lower = upper.intermediate({.common_name = "Lower"});
  Pair const pair = lower.issue();
  auto const answer = verified(pair.leaf_pem, {upper.pem(), lower.pem()}, root.pem());
  CHECK(answer.problems.empty());
  CHECK(answer.path == all_of({pair.leaf_pem, lower.pem(), upper.pem(), root.pem()}));
}

TEST_CASE("each certificate among the anchors ends a chain, self-signed or not") {
  Authority const root;
  Authority const intermediate = root.intermediate();
  Pair const pair = intermediate.issue();
  CHECK(verified(pair.leaf_pem, {}, intermediate.pem()).problems.empty());
  CHECK(verified(pair.leaf_pem, {intermediate.pem()}, intermediate.pem()).problems.empty());
  Pair const alone = testing::self_signed();
  CHECK(verified(alone.leaf_pem, {}, alone.leaf_pem).problems.empty());
}

TEST_CASE("a missing issuer is reported once, with its name") {
  Authority const root;
  Authority const intermediate = root.intermediate({.common_name = "Missing"});
  auto const answer = verified(intermediate.issue().leaf_pem, {}, root.pem());
  REQUIRE(faults(answer) == Faults{ChainFault::incomplete});
  CHECK(answer.problems[0].depth == 0);
  CHECK(answer.problems[0].subject == "CN=test leaf");
  CHECK(answer.problems[0].issuer == "CN=Missing");
}

TEST_CASE("an anchor with the issuer's name and another key makes a chain untrusted") {
  for (bool const identifiers : {true, false}) {
    CAPTURE(identifiers);
    Authority const ours({.common_name = "CA", .key_identifiers = identifiers});
    Authority const theirs({.common_name = "CA", .key_identifiers = identifiers});
    Pair const pair = theirs.issue({.key_identifiers = identifiers});
    CHECK(serious(verified(pair.leaf_pem, {}, ours.pem())) == Faults{ChainFault::untrusted});
  }
}

TEST_CASE("what signed itself is untrusted unless it is an anchor") {
  Authority const ours({.common_name = "Ours"});
  Authority const theirs({.common_name = "Theirs"});
  CHECK(faults(verified(testing::self_signed().leaf_pem, {}, ours.pem())) ==
        Faults{ChainFault::untrusted});
  CHECK(faults(verified(theirs.issue().leaf_pem, {theirs.pem()}, ours.pem())) ==
        Faults{ChainFault::untrusted});
}

TEST_CASE("the leaf's own validity is left out, that of the certificates above it is not") {
  Authority const root;
  Authority const intermediate =
      root.intermediate({.not_before = from_now(-2 * hour), .not_after = from_now(2 * hour)});
  Pair const pair =
      intermediate.issue({.not_before = from_now(-hour), .not_after = from_now(hour)});
  auto const at = [&](WallTime now) {
    return faults(verified(pair.leaf_pem, {intermediate.pem()}, root.pem(), now));
  };
  auto const second = std::chrono::seconds(1);
  WallTime const from = parsed(intermediate.pem()).not_before();
  WallTime const until = parsed(intermediate.pem()).not_after();
  CHECK(at(pair.not_after + second) == Faults{});
  CHECK(at(pair.not_before - second) == Faults{});
  CHECK(at(from) == Faults{});
  CHECK(at(from - second) == Faults{ChainFault::not_yet_valid});
  CHECK(at(until - second) == Faults{});
  CHECK(at(until) == Faults{ChainFault::expired});
}

TEST_CASE("every problem of a chain is collected") {
  Authority const root;
  Authority const weak = root.intermediate({.common_name = "Weak",
                                            .not_after = from_now(-hour),
                                            .key = testing::rsa(1024),
                                            .digest = "SHA1"});
  auto const answer = verified(weak.issue().leaf_pem, {weak.pem()}, root.pem());
  CHECK(faults(answer) ==
        Faults{ChainFault::expired, ChainFault::weak_key, ChainFault::weak_signature});
  for (ChainProblem const& problem : answer.problems) {
    CHECK(problem.depth == 1);
    CHECK(problem.subject == "CN=Weak");
    CHECK_FALSE(problem.why.empty());
  }
}

TEST_CASE("keys and signatures below security level 2 are weak, as servers on Debian have it") {
  Authority const root;
  auto const of_leaf = [&](testing::LeafOptions const& options) {
    return faults(verified(root.issue(options).leaf_pem, {}, root.pem()));
  };
  CHECK(of_leaf({.key = testing::rsa(1024)}) == Faults{ChainFault::weak_key});
  CHECK(of_leaf({.key = testing::rsa(2048)}) == Faults{});
  CHECK(of_leaf({.digest = "SHA1"}) == Faults{ChainFault::weak_signature});
  CHECK(of_leaf({.digest = "SHA384"}) == Faults{});
}

TEST_CASE("a path with more authorities than one of them allows is a problem of its own") {
  Authority const root({.path_length = 0});
  Authority const intermediate = root.intermediate();
  CHECK(faults(verified(intermediate.issue().leaf_pem, {intermediate.pem()}, root.pem())) ==
        Faults{ChainFault::path_length});
}
