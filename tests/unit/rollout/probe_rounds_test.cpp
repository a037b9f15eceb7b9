#include "rollout/probe_rounds.hpp"

#include <doctest/doctest.h>

using namespace certpivot;
using namespace std::chrono_literals;
using rollout::ProbeRounds;
using News = ProbeRounds::News;

namespace {

constexpr SteadyTime start = SteadyTime(1h);

std::vector<settings::Probe> every(std::vector<Duration> const& intervals) {
  std::vector<settings::Probe> probes;
  for (Duration const interval : intervals) probes.push_back({.interval = interval});
  return probes;
}

}  // namespace

TEST_CASE("nothing is due before it has begun, and nothing ever without an interval") {
  CHECK_FALSE(ProbeRounds(every({5min})).next());
  CHECK_FALSE(ProbeRounds(every({0s, 5min})).idle());
  ProbeRounds none(every({0s}));
  CHECK(none.idle());
  CHECK(ProbeRounds({}).idle());
  none.begin(start, 0s);
  none.note(0, false, start);
  CHECK_FALSE(none.next());
}

TEST_CASE("first turns are spread by the pause, but none comes later than its interval") {
  struct Row {
    Duration pause;
    Duration first;
  };
  for (Row const& row :
       {Row{0s, 0s}, Row{20ms, 20ms}, Row{299s, 299s}, Row{300s, 0s}, Row{701s, 101s}}) {
    CAPTURE(row.pause.count());
    ProbeRounds rounds(every({5min}));
    rounds.begin(start, row.pause);
    REQUIRE(rounds.next());
    CHECK(rounds.next()->at == start + row.first);
  }
}

TEST_CASE("each probe has turns of its own, an interval after its last answer") {
  ProbeRounds rounds(every({5min, 0s, 1min}));
  rounds.begin(start, 0s);
  CHECK(rounds.next()->probe == 0);
  rounds.note(0, true, start + 3s);
  CHECK(rounds.next()->probe == 2);
  rounds.note(2, false, start + 4s);
  CHECK(rounds.next()->probe == 2);
  CHECK(rounds.next()->at == start + 64s);
  rounds.skip(2, start + 290s);
  CHECK(rounds.next()->probe == 0);
  CHECK(rounds.next()->at == start + 303s);
}

TEST_CASE("what is not served is news once, and again only after it was served") {
  ProbeRounds rounds(every({5min, 5min}));
  CHECK(rounds.note(0, true, start) == News::none);
  CHECK(rounds.note(0, false, start) == News::not_served);
  CHECK(rounds.note(0, false, start) == News::none);
  CHECK(rounds.note(1, false, start) == News::not_served);
  rounds.skip(0, start);
  rounds.begin(start, 0s);
  CHECK(rounds.note(0, false, start) == News::none);
  CHECK(rounds.note(0, true, start) == News::recovered);
  CHECK(rounds.note(0, true, start) == News::none);
  CHECK(rounds.note(0, false, start) == News::not_served);
}
