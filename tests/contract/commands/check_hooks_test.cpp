#include <doctest/doctest.h>

#include "support/check_answer.hpp"
#include "support/scene.hpp"

using namespace certpivot::testing;
using namespace std::chrono_literals;

namespace {

constexpr auto no_nginx =
    "[[certificate.hook]]\ntype = \"nginx\"\nconfig = \"/nonexistent/nginx.conf\"\n";

/// A pair of the next half hour in force, and one after it in the source.
struct Follow {
  Follow() {
    scene.hooks = exec_hook({"/bin/true"});
    scene.offer(scene.issue({.not_after = from_now(30min)}));
    CHECK(scene.command({"once", "-c", scene.config()}).exit_code == 0);
    scene.offer(scene.issue());
  }
  Outcome check(std::string const& at) {
    return scene.command({"check", "-c", scene.config(), "--format", "json", "--at", at});
  }

  Scene scene = {};
};

}  // namespace

TEST_CASE("check asks a hook while there is a way back, and doubts it where there is none") {
  Follow follow;
  follow.scene.hooks = no_nginx;
  Outcome const asked = follow.check("+29m");
  CHECK(asked.exit_code == 2);
  CHECK(report_of(asked).at("faults").as_array().size() == 1);
  CHECK(text_of(report_of(asked), "plan") == "try it, and fail; generation 1 stays in force");
  // The daemon asks nobody where the certificate in force has expired.
  Outcome const doubted = follow.check("+31m");
  CHECK(doubted.exit_code == 1);
  CHECK(report_of(doubted).at("faults").as_array().empty());
  CHECK(text_of(report_of(doubted), "plan") == "publish it as the next generation, run nginx");
}

TEST_CASE("check of a hook whose program is missing says what stays in force") {
  Follow follow;
  follow.scene.hooks = exec_hook({"/no/such"});
  CHECK(text_of(report_of(follow.check("+29m")), "plan") ==
        "try it, and fail; generation 1 stays in force");
  Outcome const no_way_back = follow.check("+31m");
  CHECK(no_way_back.exit_code == 2);
  CHECK(text_of(report_of(no_way_back), "plan") ==
        "publish it as the next generation, run exec; a hook fails, and is tried again until it "
        "has run");
}

TEST_CASE("check asks no hook that may fail") {
  Follow follow;
  follow.scene.hooks = exec_hook({"/no/such"}, "on_failure = \"continue\"\n");
  Outcome const outcome = follow.check("+0s");
  CHECK(outcome.exit_code == 0);
  CHECK(text_of(report_of(outcome), "plan") == "publish it as the next generation, run exec");
  CHECK(follow.scene.command({"once", "-c", follow.scene.config()}).exit_code == 0);
  CHECK(follow.scene.generation() == 2);
}

TEST_CASE("check warns of a hook that could not bring the next pair, while nothing is to be done") {
  Scene scene;
  (void)scene.first_in_force();
  CHECK(scene.command({"check", "-c", scene.config()}).exit_code == 0);
  scene.hooks = no_nginx;
  Outcome const outcome = scene.command({"check", "-c", scene.config(), "--format", "json"});
  CHECK(outcome.exit_code == 1);
  CHECK(text_of(report_of(outcome), "plan") == "nothing, generation 1 holds it already");
  auto const report = report_of(outcome);
  auto const& warnings = report.at("warnings").as_array();
  REQUIRE(!warnings.empty());
  auto const& last = warnings.back().as_string();
  CHECK(last.find("/nonexistent/nginx.conf") != std::string::npos);
  CHECK(last.find("the next pair could not go live") != std::string::npos);
}

TEST_CASE("check tells hooks that are owed for what is in force") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/false"}, "retries = 0\n");
  Pair const pair = scene.issue();
  scene.offer(pair);
  Daemon& daemon = scene.run();
  CHECK(daemon.ending_of(pair.fingerprint).event == "failed");
  Outcome const outcome = scene.command({"check", "-c", scene.config(), "--format", "json"});
  CHECK(outcome.exit_code == 2);
  CHECK(text_of(report_of(outcome), "hooks_owed").find("/bin/false failed") != std::string::npos);
  CHECK(text_of(report_of(outcome), "plan") == "run the hooks of generation 1 until they have run");
}
