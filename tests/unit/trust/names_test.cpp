#include <doctest/doctest.h>

#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using Reasons = std::vector<Reason>;

TEST_CASE("names: each one that is missing is a refusal, which lists those that are there") {
  Good const good;
  Sample sample = good.sample(testing::LeafOptions{
      .names = {"*.web.internal", "10.0.0.7", "2001:db8::7", "spiffe://example.org/web"}});
  sample.rules.names = {"a.web.internal", "10.0.0.7", "2001:0db8::0007", "spiffe://example.org/web",
                        "*.web.internal"};
  CHECK(reasons(sample) == Reasons{});
  sample.rules.names = {"web.internal", "a.b.web.internal", "10.0.0.8", "2001:db8::8",
                        "urn:example:web"};
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
