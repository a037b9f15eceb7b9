#include "trust/rule/authorities.hpp"

#include <doctest/doctest.h>

#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using testing::Authority;
using testing::from_now;

TEST_CASE(
    "authorities: an anchor is warned of from the second of its end on, all in one sentence") {
  Good const good;
  auto const end = from_now(hour);
  Sample sample = good.sample();
  sample.ca = good.root.pem() + Authority({.common_name = "A", .not_after = end}).pem() +
              Authority({.common_name = "B", .not_after = end}).pem();
  sample.now = end - second;
  CHECK(said(judged(sample)) == "");
  sample.now = end;
  Verdict const verdict = judged(sample);
  CHECK(verdict.accepted());
  CHECK(said(verdict) ==
        "/src/ca.crt holds anchors that have expired, CN=A, CN=B: peers accept nothing by them, "
        "leave them out\n");
  // The same where the bundle itself is what the chain is judged by.
  sample.anchors = *sample.ca;
  CHECK(said(judged(sample)) == said(verdict));
}

TEST_CASE("authorities: a certificate that is none is warned of unless it signed itself") {
  Good const good;
  testing::Pair const pair = good.issue({.common_name = "web"});
  Sample sample = good.sample(pair);
  sample.ca = good.root.pem() + testing::self_signed().leaf_pem;
  CHECK(said(judged(sample)) == "");
  *sample.ca += pair.leaf_pem;
  Verdict const verdict = judged(sample);
  CHECK(verdict.accepted());
  CHECK(says(verdict, "/src/ca.crt holds certificates that are no authorities, CN=web: peers"));
}

TEST_CASE("authorities: one that stands in the bundle twice is nothing to talk about") {
  Good const good;
  Sample sample = good.sample();
  sample.ca = good.root.pem() + good.root.pem();
  CHECK(said(judged(sample)) == "");
}
