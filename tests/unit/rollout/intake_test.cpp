#include "rollout/intake.hpp"

#include <doctest/doctest.h>

using namespace certpivot;
using namespace certpivot::rollout;
using Action = Intake::Action;
using Found = Look::Found;

namespace {
constexpr Duration grace = std::chrono::seconds(2);
SteadyTime at(long milliseconds) { return SteadyTime(std::chrono::milliseconds(milliseconds)); }
}  // namespace

TEST_CASE("what validates goes at once") {
  Intake intake(grace);
  CHECK(intake.consider({Found::good, "a"}, at(0)).action == Action::roll_out);
}

TEST_CASE("what is incomplete is refused only after the grace without a change") {
  Intake intake(grace);
  auto const first = intake.consider({Found::incomplete, "half"}, at(0));
  CHECK(first.action == Action::nothing);
  CHECK(first.look_again == at(2'000));
  CHECK(intake.consider({Found::incomplete, "half"}, at(1'999)).action == Action::nothing);
  CHECK(intake.consider({Found::incomplete, "half"}, at(2'000)).action == Action::refuse);

  SUBCASE("and once only") {
    CHECK(intake.consider({Found::incomplete, "half"}, at(9'000)).action == Action::nothing);
  }
  SUBCASE("and the next good one goes at once") {
    CHECK(intake.consider({Found::good, "whole"}, at(2'001)).action == Action::roll_out);
  }
}

TEST_CASE("each change of what is incomplete begins the grace anew") {
  Intake intake(grace);
  (void)intake.consider({Found::incomplete, "a"}, at(0));
  auto const second = intake.consider({Found::incomplete, "b"}, at(1'500));
  CHECK(second.action == Action::nothing);
  CHECK(second.look_again == at(3'500));
  CHECK(intake.consider({Found::incomplete, "b"}, at(2'500)).action == Action::nothing);
}

TEST_CASE("what is bad is refused at once, and once for each version") {
  Intake intake(grace);
  CHECK(intake.consider({Found::bad, "expired"}, at(0)).action == Action::refuse);
  CHECK(intake.consider({Found::bad, "expired"}, at(60'000)).action == Action::nothing);
  CHECK(intake.consider({Found::bad, "another"}, at(60'001)).action == Action::refuse);
  CHECK(intake.consider({Found::in_force, ""}, at(60'002)).action == Action::nothing);
  CHECK(intake.consider({Found::bad, "another"}, at(60'003)).action == Action::refuse);
}

TEST_CASE("what becomes valid later is said once, waited for, and goes when it is due") {
  Intake intake(grace);
  Look look{Found::early, "a", std::chrono::seconds(90)};
  auto const first = intake.consider(look, at(0));
  CHECK(first.action == Action::wait);
  CHECK(first.look_again == at(90'000));
  look.due_in = std::chrono::seconds(30);
  auto const second = intake.consider(look, at(60'000));
  CHECK(second.action == Action::nothing);
  CHECK(second.look_again == at(90'000));
  CHECK(intake.consider({Found::good, "a"}, at(90'000)).action == Action::roll_out);
}

TEST_CASE("what is in force already does nothing") {
  Intake intake(grace);
  auto const decision = intake.consider({Found::in_force, "a"}, at(0));
  CHECK(decision.action == Action::nothing);
  CHECK_FALSE(decision.look_again);
}

TEST_CASE("a source that was never there is waited for without a word") {
  Intake intake(grace);
  CHECK(intake.consider({Found::absent, ""}, at(0)).action == Action::nothing);
  auto const later = intake.consider({Found::absent, ""}, at(3'600'000));
  CHECK(later.action == Action::nothing);
  CHECK_FALSE(later.look_again);
}

TEST_CASE("a source that is gone is lost after the grace, and found when it comes back") {
  Intake intake(grace);
  (void)intake.consider({Found::in_force, "a"}, at(0));
  CHECK(intake.consider({Found::absent, ""}, at(100)).look_again == at(2'100));
  CHECK(intake.consider({Found::absent, ""}, at(2'100)).action == Action::lost);
  CHECK(intake.consider({Found::absent, ""}, at(9'000)).action == Action::nothing);
  auto const back = intake.consider({Found::good, "b"}, at(9'001));
  CHECK(back.found_again);
  CHECK(back.action == Action::roll_out);
  CHECK_FALSE(intake.consider({Found::in_force, "b"}, at(9'002)).found_again);
}

TEST_CASE("a source that is back within the grace was never lost") {
  Intake intake(grace);
  (void)intake.consider({Found::in_force, "a"}, at(0));
  (void)intake.consider({Found::absent, ""}, at(100));
  CHECK_FALSE(intake.consider({Found::in_force, "a"}, at(500)).found_again);
  CHECK(intake.consider({Found::absent, ""}, at(2'200)).action == Action::nothing);
}

TEST_CASE("a version whose rollout failed is tried again, later each time, up to an hour") {
  Intake intake(grace);
  CHECK(intake.consider({Found::good, "a"}, at(0)).action == Action::roll_out);
  intake.rollout_failed("a", at(0));
  auto const waiting = intake.consider({Found::good, "a"}, at(1));
  CHECK(waiting.action == Action::nothing);
  CHECK(waiting.look_again == at(60'000));
  CHECK(intake.consider({Found::good, "a"}, at(60'000)).action == Action::roll_out);
  intake.rollout_failed("a", at(60'000));
  CHECK(intake.consider({Found::good, "a"}, at(60'001)).look_again == at(180'000));
  for (int i = 0; i < 10; ++i) intake.rollout_failed("a", at(200'000));
  CHECK(intake.consider({Found::good, "a"}, at(200'001)).look_again == at(3'800'000));

  SUBCASE("while another version goes at once") {
    CHECK(intake.consider({Found::good, "b"}, at(200'002)).action == Action::roll_out);
  }
}

TEST_CASE("what is good beside a pair goes once the pair was refused, or is waited for") {
  Intake intake(grace);
  CHECK_FALSE(intake.consider({Found::incomplete, "half"}, at(0)).trust_alone);
  CHECK(intake.consider({Found::incomplete, "half"}, at(2'000)).trust_alone);
  CHECK(intake.consider({Found::incomplete, "half"}, at(3'000)).trust_alone);
  CHECK(intake.consider({Found::bad, "expired"}, at(4'000)).trust_alone);
  CHECK(intake.consider({Found::early, "soon", std::chrono::seconds(9)}, at(5'000)).trust_alone);
  CHECK_FALSE(intake.consider({Found::good, "whole"}, at(6'000)).trust_alone);
  CHECK_FALSE(intake.consider({Found::absent, "gone"}, at(7'000)).trust_alone);
}

TEST_CASE("what is good beside a pair and failed to go is tried again, later each time") {
  Intake intake(grace);
  Look const bad{Found::bad, "expired"};
  CHECK(intake.consider(bad, at(0)).trust_alone);
  intake.rollout_failed("expired", at(0));
  auto const paused = intake.consider(bad, at(59'999));
  CHECK_FALSE(paused.trust_alone);
  CHECK(paused.look_again == at(60'000));
  CHECK(intake.consider(bad, at(60'000)).trust_alone);
  intake.rollout_failed("expired", at(60'000));
  CHECK_FALSE(intake.consider(bad, at(179'999)).trust_alone);
  CHECK(intake.consider(bad, at(180'000)).trust_alone);
  CHECK(intake.consider({Found::bad, "another"}, at(60'001)).trust_alone);

  // The start of a pair that waits may come first.
  intake.rollout_failed("soon", at(0));
  Look early{Found::early, "soon", std::chrono::seconds(9)};
  CHECK(intake.consider(early, at(1'000)).look_again == at(10'000));
  early.due_in = std::chrono::seconds(90);
  CHECK(intake.consider(early, at(1'000)).look_again == at(60'000));
}
