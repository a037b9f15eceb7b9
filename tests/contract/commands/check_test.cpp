#include <boost/json.hpp>
#include <doctest/doctest.h>

#include "support/check_answer.hpp"
#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

LeafOptions lasting(std::chrono::hours before, std::chrono::hours after) {
  return {.not_before = from_now(-before), .not_after = from_now(after)};
}

}  // namespace

TEST_CASE("check says 0 for a good pair, what would be done, and changes nothing") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  Pair const pair = scene.issue();
  scene.offer(pair);
  Outcome const text = scene.command({"check", "-c", scene.config()});
  CHECK(text.exit_code == 0);
  CHECK(text.out.find("web") != std::string::npos);
  CHECK(text.out.find(pair.fingerprint) != std::string::npos);
  Outcome const json = scene.command({"check", "-c", scene.config(), "--format", "json"});
  CHECK(json.exit_code == 0);
  auto const report = report_of(json);
  CHECK(report.at("certificate").as_string() == "web");
  CHECK(report.at("state").as_string() == "good");
  CHECK(report.at("fingerprint").as_string() == pair.fingerprint);
  CHECK_FALSE(std::filesystem::exists(scene.publish));
  CHECK_FALSE(std::filesystem::exists(scene.directory / "state"));
}

TEST_CASE("check says 1 below the warning threshold and 2 below the critical one") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  // A third of the lifetime is left at 33 %, a tenth at 10 %.
  scene.offer(scene.issue(lasting(std::chrono::hours(75), std::chrono::hours(25))));
  CHECK(scene.command({"check", "-c", scene.config()}).exit_code == 1);
  scene.offer(scene.issue(lasting(std::chrono::hours(95), std::chrono::hours(5))));
  CHECK(scene.command({"check", "-c", scene.config()}).exit_code == 2);
}

TEST_CASE("check says 2 for a refused pair, with every broken rule by its code") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  scene.trust_keys += "names = [\"elsewhere.internal\"]\n";
  Pair const expired = scene.issue(lasting(std::chrono::hours(48), std::chrono::hours(-24)));
  scene.offer(expired);
  rename_over(scene.source / "tls.key", scene.issue().key_pem);
  Outcome const outcome = scene.command({"check", "-c", scene.config(), "--format", "json"});
  CHECK(outcome.exit_code == 2);
  std::string codes;
  auto const report = report_of(outcome);
  for (auto const& reason : report.at("reasons").as_array()) {
    codes += std::string(reason.as_object().at("code").as_string()) + " ";
    CHECK_FALSE(reason.as_object().at("text").as_string().empty());
  }
  for (char const* const code : {"key_mismatch", "expired", "name_missing"}) {
    CAPTURE(codes);
    CHECK(codes.find(code) != std::string::npos);
  }
}

TEST_CASE("check says 2 where every rule is met and the daemon would still fail") {
  Scene scene;
  scene.offer(scene.issue());
  SUBCASE("for a hook whose program is missing") { scene.hooks = exec_hook({"/no/such"}); }
  SUBCASE("for a publish directory with a foreign file") {
    scene.hooks = exec_hook({"/bin/true"});
    std::filesystem::create_directories(scene.publish);
    write_file(std::filesystem::path(scene.publish) / "foreign", "mine");
  }
  Outcome const outcome = scene.command({"check", "-c", scene.config(), "--format", "json"});
  CHECK(outcome.exit_code == 2);
  auto const report = report_of(outcome);
  CHECK(report.at("verdict").as_string() == "accepted");
  CHECK(report.at("faults").as_array().size() == 1);
}

TEST_CASE("a link to a generation that is not there is made good by the next one") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  scene.offer(scene.issue());
  REQUIRE(scene.command({"once", "-c", scene.config()}).exit_code == 0);
  std::filesystem::path const current = std::filesystem::path(scene.publish) / "current";
  point_link(current, "generations/999");
  rename_over(scene.source / "tls.crt", "no certificate any more");
  Outcome const checked = scene.command({"check", "-c", scene.config()});
  CHECK(checked.out.find("plan        refuse it; nothing is in force\n") != std::string::npos);
  Pair const next = scene.issue();
  scene.offer(next);
  CHECK(scene.command({"once", "-c", scene.config()}).exit_code == 0);
  CHECK(read_file(current / "tls.crt") == next.certificate_pem);
}

TEST_CASE("check says 3 where there is nothing to read") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  CHECK(scene.command({"check", "-c", scene.config()}).exit_code == 3);
}

TEST_CASE("check judges a pair without a configuration") {
  Scene scene;
  Pair const pair = scene.issue();
  scene.offer(pair);
  std::vector<std::string> const arguments{"check",
                                           "--certificate",
                                           scene.source / "tls.crt",
                                           "--key",
                                           scene.source / "tls.key",
                                           "--anchors",
                                           scene.directory / "anchors.pem"};
  CHECK(scene.command(arguments).exit_code == 0);
  auto strict = arguments;
  strict.insert(strict.end(), {"--name", "elsewhere.internal"});
  Outcome const refused = scene.command(strict);
  CHECK(refused.exit_code == 2);
  CHECK(refused.out.find("elsewhere.internal") != std::string::npos);
}

TEST_CASE("check of one certificate by name, and of a name that is not there") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  scene.offer(scene.issue());
  CHECK(scene.command({"check", "-c", scene.config(), "web"}).exit_code == 0);
  Outcome const wrong = scene.command({"check", "-c", scene.config(), "wbe"});
  CHECK(wrong.exit_code == 64);
  CHECK(wrong.err.find("'web'") != std::string::npos);
}

TEST_CASE("before the first pair, a hook that would fail is a doubt and no more") {
  Scene scene;
  scene.offer(scene.issue());
  scene.hooks = "[[certificate.hook]]\ntype = \"nginx\"\nconfig = \"/nonexistent/nginx.conf\"\n";
  Outcome const outcome = scene.command({"check", "-c", scene.config()});
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.out.find("/nonexistent/nginx.conf") != std::string::npos);
}
