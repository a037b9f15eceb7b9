#include <doctest/doctest.h>

#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using Reasons = std::vector<Reason>;

namespace {

std::string const id = "spiffe://example.org/web";

}  // namespace

TEST_CASE("spiffe: a leaf has exactly one URI, and that is the ID asked for, byte for byte") {
  Good const good;
  struct {
    std::vector<std::string> names;
    bool accepted;
    std::string words;
  } const cases[] = {
      {{id}, true, ""},
      {{"web.internal", id, "10.0.0.7"}, true, ""},
      {{"web.internal"}, false, "its URIs are none"},
      {{id, "spiffe://example.org/api"}, false, "has more URIs than " + id},
      {{id, "https://example.org/web"}, false, "has more URIs than " + id},
      {{id, id}, false, "has more URIs than " + id},
      {{id + "/"}, false, "its URIs are " + id + "/"},
      {{"spiffe://Example.org/web"}, false, "its URIs are spiffe://Example.org/web"},
  };
  for (auto const& one : cases) {
    Sample sample = good.sample(testing::LeafOptions{.names = one.names});
    sample.rules.names = {id};
    Verdict const verdict = judged(sample);
    CAPTURE(said(verdict));
    CHECK(reasons(verdict) == Reasons(one.accepted ? 0 : 1, Reason::name_missing));
    CHECK(says(verdict, one.words));
    sample.rules.names = {"10.0.0.8", id};
    CHECK(reasons(sample) == Reasons(one.accepted ? 1 : 2, Reason::name_missing));
  }
}

TEST_CASE("spiffe: a key usage has digitalSignature, and neither keyCertSign nor cRLSign") {
  Good const good;
  struct {
    std::string usage;
    std::string words;  ///< empty where it is accepted
  } const cases[] = {
      {"", ""},
      {"critical,digitalSignature", ""},
      {"digitalSignature,keyEncipherment", ""},
      {"digitalSignature,cRLSign", "its keyUsage has cRLSign"},
      {"digitalSignature,keyCertSign", "its keyUsage has keyCertSign"},
      {"keyAgreement", "its keyUsage lacks digitalSignature"},
  };
  for (auto const& one : cases) {
    Sample sample = good.sample(testing::LeafOptions{.names = {id}, .key_usage = one.usage});
    sample.rules.purpose = settings::Purpose::any;
    sample.rules.relax = {"cert_sign_of_no_authority"};
    CHECK(reasons(sample) == Reasons{});
    sample.rules.names = {id};
    Verdict const verdict = judged(sample);
    CHECK(reasons(verdict) == Reasons(one.words.empty() ? 0 : 1, Reason::wrong_purpose));
    CHECK(says(verdict, one.words));
  }
}

TEST_CASE("spiffe: an authority is no leaf") {
  auto const pair = testing::self_signed({.names = {id}, .basic_constraints = "critical,CA:TRUE"});
  Sample sample{.certificate = pair.leaf_pem, .key = pair.key_pem, .anchors = pair.leaf_pem};
  CHECK(reasons(sample) == Reasons{});
  sample.rules.names = {id};
  CHECK(reasons(sample) == Reasons{Reason::wrong_purpose});
}
