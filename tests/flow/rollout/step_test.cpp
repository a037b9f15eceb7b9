#include "rollout/step.hpp"

#include <set>

#include <doctest/doctest.h>

using namespace certpivot::rollout;

TEST_CASE("every step has a name, and every name its step") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < step_count; ++i) {
    auto const step = static_cast<Step>(i);
    names.insert(name(step));
    CHECK(step_named(name(step)) == step);
  }
  CHECK(names.size() == step_count);
  CHECK_FALSE(step_named("nothing of the kind"));
}

TEST_CASE("from every step every outcome leads to an end") {
  for (std::size_t i = 0; i < step_count; ++i) {
    for (unsigned choices = 0; choices < (1U << step_count); ++choices) {
      Step step = static_cast<Step>(i);
      bool ended = false;
      for (std::size_t taken = 0; taken <= step_count && !ended; ++taken) {
        auto const outcome = (choices >> taken & 1U) != 0 ? Outcome::failed : Outcome::done;
        Next const after = next(step, outcome);
        ended = !after.step;
        if (after.step) step = *after.step;
      }
      CHECK(ended);
    }
  }
}

TEST_CASE("nothing that failed after the pivot is ever committed") {
  for (Step const step : {Step::hook, Step::probe}) {
    Next const after = next(step, Outcome::failed);
    REQUIRE(after.step);
    CHECK(*after.step == Step::restore);
  }
}

TEST_CASE("a rollout that never pivoted is undone, one that did is gone on with") {
  for (Step const step :
       {Step::stage, Step::check, Step::pivot, Step::hook, Step::probe, Step::commit})
    CHECK_FALSE(resume(step, false));
  CHECK(resume(Step::pivot, true) == Step::hook);
  CHECK(resume(Step::hook, true) == Step::hook);
  CHECK(resume(Step::probe, true) == Step::hook);
  CHECK(resume(Step::commit, true) == Step::commit);
  CHECK(resume(Step::restore, true) == Step::restore);
  CHECK(resume(Step::restore, false) == Step::rehook);
}
