#include "support/memory_journal.hpp"

#include <ostream>

#include <doctest/doctest.h>

#include "journal/database.hpp"

using namespace certpivot;
using namespace certpivot::journal;
using certpivot::testing::MemoryJournal;
using certpivot::testing::Script;

namespace {

Rollout rollout(std::uint64_t generation) {
  Rollout begun;
  begun.certificate = "web";
  begun.generation = generation;
  begun.step = "stage";
  return begun;
}

/// The same calls on the double and on the real one, so that they cannot drift apart.
std::vector<std::string> answers(Journal& journal) {
  std::vector<std::string> all;
  auto const say = [&](std::string const& text) { all.push_back(text); };
  auto const first = journal.begin(rollout(5));
  auto const second = journal.begin(rollout(4));
  say(std::to_string(*first) + " " + std::to_string(*second));
  say(journal.about_to(*first, "pivot", "", Outlives::power_cut) ? "ok" : "refused");
  say(journal.about_to(99, "pivot", "", Outlives::power_cut) ? "ok" : "refused");
  say(journal.end(*first, "committed", "", {}, {5, "digest", {}, true}) ? "ok" : "refused");
  say(journal.end(*first, "committed", "", {}, {5, "digest", {}, true}) ? "ok" : "refused");
  say(std::to_string(*journal.last_generation("web")));
  say(std::to_string(journal.in_force("web")->generation));
  say(std::to_string(*journal.last_generation("web")));
  auto const unfinished = journal.unfinished("web");
  for (Rollout const& one : *unfinished) say("unfinished " + one.step);
  auto const history = journal.history("web", 9);
  for (Rollout const& one : *history)
    say(std::to_string(one.generation) + " " + one.step + " " + one.outcome);
  say(std::to_string(journal.history("web", 1)->size()));
  say(journal.remember_bundle("web", "an anchor") ? "ok" : "refused");
  say(*journal.last_bundle("web") + *journal.last_bundle("api"));
  return all;
}

}  // namespace

TEST_CASE("the journal's double answers as the database does") {
  Script script;
  MemoryJournal memory(script);
  auto const database = open_in_memory();
  REQUIRE(database);
  CHECK(answers(memory) == answers(**database));
}

TEST_CASE("the double writes calls down, fails as planned and dies as planned") {
  Script script;
  MemoryJournal memory(script);
  script.fail_at("journal.about_to hook");
  auto const id = memory.begin(rollout(1));
  REQUIRE(id);
  REQUIRE(memory.about_to(*id, "pivot", "", Outlives::power_cut));
  CHECK_FALSE(memory.about_to(*id, "hook", "", Outlives::power_cut));
  CHECK(memory.rollouts().front().step == "pivot");
  script.crash_after(1);
  CHECK_THROWS_AS((void)memory.about_to(*id, "probe", "", Outlives::power_cut), Script::Crash);
  CHECK_THROWS_AS((void)memory.about_to(*id, "commit", "", Outlives::power_cut), Script::Crash);
  script.reopen();
  CHECK(memory.unfinished("web")->front().step == "probe");
  script.crash_before(1);
  CHECK_THROWS_AS((void)memory.about_to(*id, "commit", "", Outlives::power_cut), Script::Crash);
  script.reopen();
  CHECK(memory.unfinished("web")->front().step == "probe");
  CHECK(script.calls() ==
        std::vector<std::string>{"journal.begin web 1", "journal.about_to pivot",
                                 "journal.about_to hook", "journal.about_to probe",
                                 "journal.unfinished web", "journal.unfinished web"});
}
