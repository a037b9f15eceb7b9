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

TEST_CASE("names: a server's leaf without any is warned of, where none are asked for") {
  using settings::Purpose;
  Good const good;
  struct {
    std::vector<std::string> names;
    Purpose purpose;
    bool warned;
  } const cases[] = {{{}, Purpose::server, true},
                     {{}, Purpose::both, true},
                     {{}, Purpose::client, false},
                     {{}, Purpose::any, false},
                     {{"web.internal"}, Purpose::server, false},
                     {{"10.0.0.7"}, Purpose::server, false}};
  for (auto const& one : cases) {
    Sample sample = good.sample(testing::LeafOptions{.names = one.names});
    sample.rules.purpose = one.purpose;
    Verdict const verdict = judged(sample);
    CHECK(verdict.accepted());
    CHECK(says(verdict, "has no name in a subjectAltName") == one.warned);
  }
}

TEST_CASE("names: a wildcard directly below a top-level label is told not to count") {
  Good const good;
  Sample sample = good.sample(testing::LeafOptions{.names = {"*.internal", "*.a.internal"}});
  struct Asked {
    std::string name;
    bool told;
  };
  for (auto const& one : {Asked{"web.internal", true}, Asked{"b.a.b.internal", false},
                          Asked{"internal", false}, Asked{"web.other", false}}) {
    CAPTURE(one.name);
    sample.rules.names = {one.name};
    Verdict const verdict = judged(sample);
    CHECK(reasons(verdict) == Reasons{Reason::name_missing});
    CHECK(says(verdict, "below a top-level label does not count") == one.told);
  }
}

TEST_CASE("names: a name that stands there as another kind, or with a final dot, is told so") {
  Good const good;
  struct {
    std::string entry;
    std::string asked;
    std::string told;
  } const cases[] = {
      {"DNS:10.0.0.7", "10.0.0.7", "10.0.0.7 (it stands there, but not as an IP address): have"},
      {"DNS:a://b", "a://b", "a://b (it stands there, but not as a URI): have"},
      {"email:web@internal", "web@internal", "(it stands there, but not as a DNS name): have"},
      {"DNS:web.internal.", "web.internal",
       "(with a dot at its end web.internal. matches nothing): have"},
      {"DNS:web.internal", "10.0.0.7", "its names are web.internal: have"},
  };
  for (auto const& one : cases) {
    CAPTURE(one.entry);
    Sample sample = good.sample(
        testing::LeafOptions{.names = {}, .extensions = {{"subjectAltName", one.entry}}});
    sample.rules.names = {one.asked};
    Verdict const verdict = judged(sample);
    CHECK(reasons(verdict) == Reasons{Reason::name_missing});
    CHECK(says(verdict, one.told));
  }
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
