#include <algorithm>
#include <functional>

#include <doctest/doctest.h>

#include "support/flow_world.hpp"

using namespace certpivot;
using certpivot::rollout::Ending;
using certpivot::testing::FlowWorld;
using certpivot::testing::Script;

namespace {

/// What the process was about when it died.
struct Story {
  char const* name;
  bool first;           ///< nothing was in force before
  bool server_refuses;  ///< the new one, so that the way back is taken
};

struct Stage {
  explicit Stage(Story const& story) : old(flow.authority.issue()), fresh(flow.authority.issue()) {
    in_force = flow.begin();
    if (!story.first) in_force = flow.roll_out(old, in_force).in_force;
    if (story.server_refuses) flow.server.refuses.insert(fresh.certificate_pem);
    flow.script.forget_calls();
  }
  FlowWorld flow;
  testing::Pair old;
  testing::Pair fresh;
  journal::InForce in_force;
};

bool matching(std::optional<testing::MemoryPublish::Files> const& files, Stage const& stage) {
  if (!files) return true;
  return (files->certificate == stage.old.certificate_pem && files->key == stage.old.key_pem) ||
         (files->certificate == stage.fresh.certificate_pem && files->key == stage.fresh.key_pem);
}

void check_after_restart(Stage& stage, Story const& story) {
  CHECK(matching(stage.flow.publish.served(), stage));
  stage.flow.script.reopen();
  auto const in_force = stage.flow.begin();

  auto const served = stage.flow.publish.served();
  CHECK(matching(served, stage));
  CHECK(stage.flow.journal.unfinished("web").value().empty());
  CHECK(in_force.generation == stage.flow.publish.current_number());
  if (!story.first) REQUIRE(served);
  // Every owed hook ran: the server serves what is published.
  if (served) {
    bool const kept_in_spite = story.first && story.server_refuses;
    if (!kept_in_spite) CHECK(stage.flow.server.serves == served->certificate);
    CHECK(in_force.hooks_owed == kept_in_spite);
  }
  // Nothing stays that is not a generation which was, or is, in force.
  for (publish::Number const number : stage.flow.publish.numbers())
    CHECK(number <= stage.flow.publish.current_number());

  // And the next rotation works as ever.
  auto const next = stage.flow.authority.issue();
  auto const report = stage.flow.roll_out(next, in_force);
  CHECK(report.ending == Ending::committed);
  CHECK(stage.flow.server.serves == next.certificate_pem);
}

/// Dies at every call there is, one after the other, until the rollout gets through.
void die_everywhere(Story const& story, std::function<void(Script&, std::size_t)> const& plan) {
  std::size_t deaths = 0;
  for (std::size_t call = 1;; ++call) {
    CAPTURE(story.name);
    CAPTURE(call);
    Stage stage(story);
    plan(stage.flow.script, call);
    try {
      (void)stage.flow.roll_out(stage.fresh, stage.in_force);
      break;
    } catch (Script::Crash const&) {
      ++deaths;
    }
    check_after_restart(stage, story);
  }
  CHECK(deaths >= 8);  // fewer would mean that the calls are no longer seen by the script
}

constexpr Story stories[]{{"first", true, false},
                          {"second", false, false},
                          {"rolled back", false, true},
                          {"first, and the server does not take it", true, true}};

}  // namespace

TEST_CASE("a process that dies before any call leaves a rollout that the next start ends") {
  for (Story const& story : stories)
    die_everywhere(story, [](Script& script, std::size_t call) { script.crash_before(call); });
}

TEST_CASE("a process that dies after any call leaves a rollout that the next start ends") {
  for (Story const& story : stories)
    die_everywhere(story, [](Script& script, std::size_t call) { script.crash_after(call); });
}

TEST_CASE("a process that dies again while it recovers is recovered by the one after it") {
  for (Story const& story : stories) {
    for (std::size_t first = 1; first < 30; first += 2) {
      for (std::size_t second = 1; second < 30; second += 3) {
        CAPTURE(story.name);
        CAPTURE(first);
        CAPTURE(second);
        Stage stage(story);
        stage.flow.script.crash_after(first);
        try {
          (void)stage.flow.roll_out(stage.fresh, stage.in_force);
        } catch (Script::Crash const&) {
        }
        stage.flow.script.reopen();
        stage.flow.script.crash_before(second);
        try {
          (void)stage.flow.begin();
        } catch (Script::Crash const&) {
        }
        check_after_restart(stage, story);
      }
    }
  }
}

TEST_CASE("the reason of a way back is told, wherever on it the process dies") {
  Story const story{"rolled back", false, true};
  std::size_t told = 0;
  for (std::size_t call = 1;; ++call) {
    CAPTURE(call);
    Stage stage(story);
    stage.flow.script.crash_after(call);
    try {
      (void)stage.flow.roll_out(stage.fresh, stage.in_force);
      break;
    } catch (Script::Crash const&) {
    }
    stage.flow.script.reopen();
    (void)stage.flow.begin();
    auto const last = stage.flow.journal.history("web", 1)->front();
    if (last.outcome != "rolled_back") continue;
    ++told;
    CHECK(last.reason.find("the server does not take it") != std::string::npos);
  }
  CHECK(told >= 4);
}

TEST_CASE(
    "without a lasting journal, hooks that are owed are remembered wherever the process dies") {
  for (Story const& story : {Story{"first", true, false}, Story{"second", false, false}}) {
    for (bool const after : {false, true}) {
      std::size_t deaths = 0;
      for (std::size_t call = 1;; ++call) {
        CAPTURE(story.name);
        CAPTURE(after);
        CAPTURE(call);
        Stage stage(story);
        stage.flow.journal.lasts = false;
        if (after)
          stage.flow.script.crash_after(call);
        else
          stage.flow.script.crash_before(call);
        try {
          (void)stage.flow.roll_out(stage.fresh, stage.in_force);
          break;
        } catch (Script::Crash const&) {
          ++deaths;
        }
        stage.flow.journal.lose();
        stage.flow.script.reopen();
        auto const in_force = stage.flow.begin();
        auto const served = stage.flow.publish.served();
        CHECK(in_force.generation == stage.flow.publish.current_number());
        CHECK_FALSE(in_force.hooks_owed);
        if (served) CHECK(stage.flow.server.serves == served->certificate);
        CHECK(stage.flow.publish.owes() == false);
      }
      CHECK(deaths >= 8);
    }
  }
}
