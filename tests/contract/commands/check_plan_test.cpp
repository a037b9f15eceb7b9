#include <doctest/doctest.h>

#include "support/check_answer.hpp"
#include "support/crl.hpp"
#include "support/scene.hpp"

using namespace certpivot::testing;
using namespace std::chrono_literals;

namespace {

/// A pair, a bundle of A and a CRL in force, all as the source has them, and what comes next.
struct Standing {
  Standing() {
    scene.authority = a;
    scene.directory.write("anchors.pem", a.pem() + b.pem());
    scene.source_keys += "crl = \"ca.crl\"\n";
    scene.trust_keys += "skew = \"2h\"\nca_rotation = \"any\"\n";
    scene.hooks = exec_hook({"/bin/sh", "-c", "test ! -e " + broken.string()});
    offer("ca.crl", crl(a));
    scene.offer(first);
    go();
    CHECK(scene.generation() == 1);
  }
  void offer(std::string const& name, std::string const& text) const {
    rename_over(scene.source / name, text);
  }
  void offer_pair(Pair const& pair) const {
    offer("tls.crt", pair.certificate_pem);
    offer("tls.key", pair.key_pem);
  }
  /// What the daemon does with what is there.
  void go() { (void)scene.command({"once", "-c", scene.config()}); }
  /// In both forms.
  std::string plan() {
    auto const report =
        report_of(scene.command({"check", "-c", scene.config(), "--format", "json"}));
    std::string plan = text_of(report, "plan");
    Outcome const text = scene.command({"check", "-c", scene.config()});
    CHECK(text.out.find("plan        " + plan + "\n") != std::string::npos);
    return plan;
  }

  Authority a = Authority({.common_name = "A"});
  Authority b = Authority({.common_name = "B"});
  Scene scene = {};
  std::filesystem::path broken = scene.directory / "broken";
  Pair first = a.issue();
  Pair expired = a.issue({.not_before = from_now(-2h), .not_after = from_now(-1h)});
};

}  // namespace

TEST_CASE("check says what of the trust beside a refused pair goes live with the pair in force") {
  Standing standing;
  Scene& scene = standing.scene;
  standing.offer_pair(standing.expired);
  std::string const crl_2 = crl(standing.a, {.number = 2});
  std::string const both = standing.a.pem() + standing.b.pem();
  std::string changed;
  SUBCASE("the bundle") { changed = "CA bundle"; }
  SUBCASE("the CRL") { changed = "CRL"; }
  SUBCASE("both") { changed = "CA bundle and CRL"; }
  if (changed != "CRL") standing.offer("ca.crt", both);
  if (changed != "CA bundle") standing.offer("ca.crl", crl_2);

  CHECK(standing.plan() == "refuse it, but publish its " + changed +
                               " with the pair in force as the next generation, run exec");
  Outcome const json = scene.command({"check", "-c", scene.config(), "--format", "json"});
  CHECK(json.exit_code == 2);
  CHECK(text_of(report_of(json), "trust_alone") == changed);

  standing.go();
  CHECK(scene.generation() == 2);
  CHECK(scene.published() == standing.first.fingerprint);
  CHECK((read_file(scene.publish / "ca.crt") == both) == (changed != "CRL"));
  CHECK((read_file(scene.publish / "ca.crl") == crl_2) == (changed != "CA bundle"));
  CHECK(standing.plan() == "refuse it; generation 2 stays in force");
}

TEST_CASE(
    "check of a refused pair says no more while the anchors in force are kept for the grace") {
  Standing standing;
  standing.offer("ca.crt", standing.a.pem() + standing.b.pem());
  standing.go();
  standing.offer("ca.crt", standing.a.pem());
  standing.go();
  CHECK(standing.scene.generation() == 3);
  standing.offer_pair(standing.expired);
  standing.go();
  CHECK(standing.scene.generation() == 3);
  // Nor is a hook asked about it.
  Scene& scene = standing.scene;
  scene.hooks = exec_hook({"/no/such"});
  CHECK(standing.plan() == "refuse it; generation 3 stays in force");
  auto const report = report_of(scene.command({"check", "-c", scene.config(), "--format", "json"}));
  CHECK(report.at("faults").as_array().empty());
}

TEST_CASE("check says that trust goes ahead of a pair that needs it") {
  Standing standing;
  Scene& scene = standing.scene;
  Pair const second = standing.b.issue();
  standing.offer_pair(second);
  standing.offer("ca.crt", standing.b.pem());
  CHECK(standing.plan() ==
        "publish the pair in force under the anchors of both CA bundles as the next generation, "
        "run exec; then publish it as the next generation, run exec");
  auto const report = report_of(scene.command({"check", "-c", scene.config(), "--format", "json"}));
  CHECK(report.contains("trust_first"));
  standing.go();
  CHECK(scene.generation() == 3);
  CHECK(scene.published() == second.fingerprint);
}

TEST_CASE("check remembers that trust which went ahead of its pair was rolled back") {
  Standing standing;
  Scene& scene = standing.scene;
  standing.offer_pair(standing.b.issue());
  standing.offer("ca.crt", standing.b.pem());
  write_file(standing.broken, "");
  standing.go();
  CHECK(scene.published() == standing.first.fingerprint);
  // The anchors of before would be kept for longer by then.
  Outcome const outcome = scene.command({"check", "-c", scene.config(), "--at", "+1m"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.starts_with("web: critical, accepted, generation 3 in force: "));
  CHECK(outcome.out.find(" left, its last rollout did not end well, ") != std::string::npos);
  CHECK(outcome.out.find("last time   generation 2 held this content and was rolled back at ") !=
        std::string::npos);
  CHECK(outcome.out.find("plan        try it again in a while") != std::string::npos);
}

TEST_CASE("check says that a new bundle does not wait for a pair that does") {
  Standing standing;
  Pair const early = standing.a.issue({.not_before = from_now(1h)});
  standing.offer_pair(early);
  standing.offer("ca.crt", standing.a.pem() + standing.b.pem());
  std::string const plan = standing.plan();
  CHECK(
      plan.starts_with("publish its CA bundle with the pair in force as the next generation, "
                       "run exec; wait until 2"));
  CHECK(plan.ends_with("Z, then publish it as the next generation, run exec"));
}

TEST_CASE("check says what keeps good trust beside a refused pair from going live") {
  Standing standing;
  Scene& scene = standing.scene;
  standing.offer_pair(standing.expired);
  standing.offer("ca.crt", standing.a.pem() + standing.b.pem());
  SUBCASE("a hook that cannot run") {
    scene.hooks = exec_hook({"/no/such"});
    CHECK(standing.plan() ==
          "refuse it, but try to publish its CA bundle with the pair in force, and fail; "
          "generation 1 stays in force");
    Outcome const outcome = scene.command({"check", "-c", scene.config()});
    CHECK(outcome.out.find("fault       exec /no/such: ") != std::string::npos);
  }
  SUBCASE("a rollout of it that did not end well") {
    write_file(standing.broken, "");
    standing.go();
    std::string const number = std::to_string(scene.generation());
    CHECK(scene.published() == standing.first.fingerprint);
    CHECK(read_file(scene.publish / "ca.crt") == standing.a.pem());
    CHECK(standing.plan() ==
          "refuse it, but try to publish its CA bundle with the pair in force again in a while, "
          "since its last rollout did not end well; generation " +
              number + " stays in force until one does");
  }
}
