#include <algorithm>

#include <doctest/doctest.h>

#include "support/flow_world.hpp"

using namespace certpivot;
using certpivot::rollout::Ending;
using certpivot::testing::FlowWorld;

namespace {

// One generation in force and served: where most tests begin.
journal::InForce with_first(FlowWorld& flow, testing::Pair const& pair) {
  auto const report = flow.roll_out(pair, flow.begin());
  REQUIRE(report.ending == Ending::committed);
  flow.script.forget_calls();
  return report.in_force;
}

std::size_t place_of(std::vector<std::string> const& calls, std::string const& begin) {
  auto const found = std::find_if(calls.begin(), calls.end(),
                                  [&](std::string const& call) { return call.starts_with(begin); });
  REQUIRE_MESSAGE(found != calls.end(), begin);
  return static_cast<std::size_t>(found - calls.begin());
}

bool called(std::vector<std::string> const& calls, std::string const& begin) {
  return std::any_of(calls.begin(), calls.end(),
                     [&](std::string const& call) { return call.starts_with(begin); });
}

}  // namespace

TEST_CASE("a first pair is staged, made current, hooked, proved and committed") {
  FlowWorld flow;
  auto const pair = flow.authority.issue();
  auto const report = flow.roll_out(pair, flow.begin());
  CHECK(report.ending == Ending::committed);
  CHECK(report.in_force.generation == 1);
  CHECK_FALSE(report.in_force.hooks_owed);
  CHECK(flow.server.serves == pair.certificate_pem);
  CHECK(flow.publish.served()->key == pair.key_pem);
  CHECK(flow.journal.rollouts().back().outcome == "committed");
}

TEST_CASE(
    "the steps are taken in the contract's order, what changes the world is written down first") {
  FlowWorld flow;
  auto const in_force = with_first(flow, flow.authority.issue());
  CHECK(flow.roll_out(flow.authority.issue(), in_force).ending == Ending::committed);
  auto const calls = flow.script.calls();
  std::vector<std::string> const order{
      "journal.begin web 2", "publish.stage 2", "hook.check",  "journal.about_to pivot",
      "publish.pivot 2",     "hook.reload",     "probe.prove", "journal.end",
      "publish.prune"};
  for (std::size_t i = 1; i < order.size(); ++i)
    CHECK_MESSAGE(place_of(calls, order[i - 1]) < place_of(calls, order[i]), order[i]);
}

TEST_CASE("a pair that the server does not take is rolled back to a fresh copy of the one before") {
  FlowWorld flow;
  auto const good = flow.authority.issue();
  auto const bad = flow.authority.issue();
  auto const in_force = with_first(flow, good);
  flow.server.refuses.insert(bad.certificate_pem);
  auto const report = flow.roll_out(bad, in_force);
  CHECK(report.ending == Ending::rolled_back);
  CHECK(report.reason.find("does not take it") != std::string::npos);
  CHECK(report.in_force.generation == 3);
  CHECK(report.in_force.digest == in_force.digest);
  CHECK_FALSE(report.in_force.hooks_owed);
  CHECK(flow.publish.current_number() == 3);
  CHECK(flow.publish.served()->certificate == good.certificate_pem);
  CHECK(flow.publish.numbers() == std::vector<publish::Number>{1, 3});
  CHECK(flow.server.serves == good.certificate_pem);
  CHECK(flow.journal.rollouts().back().outcome == "rolled_back");
}

TEST_CASE("what is rolled back to has its further files, and a restart takes it for what it was") {
  FlowWorld flow;
  flow.extras = {"all.pem", "web.p12"};
  auto const in_force = with_first(flow, flow.authority.issue());
  auto const bad = flow.authority.issue();
  flow.server.refuses.insert(bad.certificate_pem);
  auto const report = flow.roll_out(bad, in_force);
  CHECK(report.ending == Ending::rolled_back);
  CHECK(flow.publish.served()->extras == flow.extras);
  CHECK(flow.begin().digest == in_force.digest);
}

TEST_CASE("a server that goes on serving the old one is found out by the probe, and rolled back") {
  FlowWorld flow;
  auto const good = flow.authority.issue();
  auto const in_force = with_first(flow, good);
  flow.server.deaf = true;
  auto const report = flow.roll_out(flow.authority.issue(), in_force);
  CHECK(report.ending == Ending::rolled_back);
  CHECK(report.reason.find("serves another certificate") != std::string::npos);
  CHECK(flow.publish.served()->certificate == good.certificate_pem);
}

TEST_CASE("a failed pre-check leaves everything as it was") {
  FlowWorld flow;
  auto const in_force = with_first(flow, flow.authority.issue());
  flow.server.broken = true;
  auto const reloads = flow.server.reloads;
  auto const report = flow.roll_out(flow.authority.issue(), in_force);
  CHECK(report.ending == Ending::abandoned);
  CHECK(report.in_force == in_force);
  CHECK(flow.publish.current_number() == 1);
  CHECK(flow.publish.numbers() == std::vector<publish::Number>{1});
  CHECK(flow.server.reloads == reloads);
}

TEST_CASE("a full disk at staging leaves everything as it was") {
  FlowWorld flow;
  auto const in_force = with_first(flow, flow.authority.issue());
  flow.script.fail_at(std::string("publish.stage"));
  auto const report = flow.roll_out(flow.authority.issue(), in_force);
  CHECK(report.ending == Ending::abandoned);
  CHECK(report.in_force == in_force);
  CHECK(flow.publish.current_number() == 1);
  CHECK_FALSE(called(flow.script.calls(), "hook"));
}

TEST_CASE("what cannot be written down before the pivot is not begun") {
  for (std::string const step : {"journal.begin", "journal.about_to pivot"}) {
    CAPTURE(step);
    FlowWorld flow;
    auto const in_force = with_first(flow, flow.authority.issue());
    flow.script.fail_at(step);
    CHECK(flow.roll_out(flow.authority.issue(), in_force).ending == Ending::abandoned);
    CHECK(flow.publish.current_number() == 1);
    CHECK_FALSE(called(flow.script.calls(), "publish.pivot"));
  }
}

TEST_CASE("a journal that fails after the pivot does not keep the server from its reload") {
  FlowWorld flow;
  auto const in_force = with_first(flow, flow.authority.issue());
  auto const next = flow.authority.issue();
  flow.script.fail_at(std::string("journal.end"));
  CHECK(flow.roll_out(next, in_force).ending == Ending::committed);
  CHECK(flow.server.serves == next.certificate_pem);

  SUBCASE("nor from the way back") {
    auto const bad = flow.authority.issue();
    flow.server.refuses.insert(bad.certificate_pem);
    flow.script.fail_at(std::string("journal.about_to restore"));
    auto const now = flow.begin();
    CHECK(flow.roll_out(bad, now).ending == Ending::rolled_back);
    CHECK(flow.server.serves == next.certificate_pem);
  }
}

TEST_CASE("a first pair whose server is not up stays published, and its hooks are owed") {
  FlowWorld flow;
  flow.server.down = true;
  auto const pair = flow.authority.issue();
  auto const report = flow.roll_out(pair, flow.begin());
  CHECK(report.ending == Ending::failed);
  CHECK(report.in_force.hooks_owed);
  CHECK(flow.publish.served()->certificate == pair.certificate_pem);

  SUBCASE("and are run by the next start, when it is") {
    flow.server.down = false;
    auto const in_force = flow.begin();
    CHECK_FALSE(in_force.hooks_owed);
    CHECK(in_force.generation == 1);
    CHECK(flow.server.serves == pair.certificate_pem);
  }
  SUBCASE("and stay owed while it is not") {
    CHECK(flow.begin().hooks_owed);
    CHECK(flow.publish.current_number() == 1);
  }
}

TEST_CASE("a server that is down for the way back too is owed its hooks") {
  FlowWorld flow;
  auto const good = flow.authority.issue();
  auto const in_force = with_first(flow, good);
  flow.server.down = true;
  auto const report = flow.roll_out(flow.authority.issue(), in_force);
  CHECK(report.ending == Ending::rolled_back);
  CHECK(report.in_force.hooks_owed);
  flow.server.down = false;
  CHECK_FALSE(flow.begin().hooks_owed);
}

TEST_CASE("an expired one in force is nothing to go back to") {
  FlowWorld flow;
  auto const old = flow.authority.issue({.not_after = testing::from_now(std::chrono::hours(1))});
  auto const in_force = with_first(flow, old);
  flow.wall.set(testing::from_now(std::chrono::hours(2)));
  flow.server.down = true;
  flow.server.broken = true;
  auto const next = flow.authority.issue();
  auto const report = flow.roll_out(next, in_force);
  CHECK(report.ending == Ending::failed);
  CHECK(report.in_force.hooks_owed);
  CHECK(flow.publish.served()->certificate == next.certificate_pem);
}

TEST_CASE("a hook that may fail does not stop the rollout") {
  FlowWorld flow;
  flow.on_failure = settings::OnFailure::proceed;
  auto const in_force = with_first(flow, flow.authority.issue());
  auto const next = flow.authority.issue();
  flow.script.fail_at(std::string("hook.reload"));
  // The server is deaf to it, so the probe has the last word.
  CHECK(flow.roll_out(next, in_force).ending == Ending::rolled_back);
  CHECK(called(flow.script.calls(), "probe.prove"));
}

TEST_CASE("a hook is tried again after a pause before the way back is taken") {
  FlowWorld flow;
  auto const in_force = with_first(flow, flow.authority.issue());
  flow.server.down = true;
  CHECK(flow.roll_out(flow.authority.issue(), in_force).ending == Ending::rolled_back);
  CHECK(flow.timer.sleeps() ==
        std::vector<Duration>{std::chrono::milliseconds(200), std::chrono::milliseconds(200)});
}

TEST_CASE("generations beyond the configured number are removed, the one in force never") {
  FlowWorld flow;
  auto in_force = flow.begin();
  for (int i = 0; i < 8; ++i) in_force = flow.roll_out(flow.authority.issue(), in_force).in_force;
  CHECK(flow.publish.numbers() == std::vector<publish::Number>{4, 5, 6, 7, 8});
  CHECK(flow.publish.current_number() == 8);
}
