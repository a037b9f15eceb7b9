#include <doctest/doctest.h>

#include "support/check_answer.hpp"
#include "support/crl.hpp"
#include "support/scene.hpp"

using namespace certpivot::testing;
using namespace std::chrono_literals;

namespace {

/// A pair in force that a CRL beside the source has listed since.
struct Revoked {
  Revoked() {
    rename_over(list, crl(scene.authority));
    scene.trust_keys += "revocation = \"crl\"\ncrl_files = [\"" + list.string() + "\"]\n";
    scene.hooks = exec_hook({"/bin/true"});
    scene.offer(pair);
    CHECK(scene.command({"once", "-c", scene.config()}).exit_code == 0);
    rename_over(list, crl(scene.authority, {.entries = {{pair.serial}}, .number = 2}));
  }
  Outcome check(std::string const& format = "json") {
    return scene.command({"check", "-c", scene.config(), "--format", format});
  }

  Scene scene = {};
  std::filesystem::path list = scene.directory / "lists.crl";
  Pair pair = scene.issue();
};

}  // namespace

TEST_CASE("check says 2 where what is in force is revoked, whatever the source holds") {
  Revoked revoked;
  Scene& scene = revoked.scene;
  std::string plan;
  SUBCASE("nothing new") { plan = "nothing, generation 1 holds it already"; }
  SUBCASE("nothing at all") {
    std::filesystem::remove_all(scene.source);
    plan = "wait for the source";
  }
  SUBCASE("what is refused") {
    rename_over(scene.source / "tls.crt", "no certificate any more");
    plan = "refuse it; generation 1 stays in force";
  }
  SUBCASE("what is newer") {
    scene.offer(scene.issue());
    plan = "publish it as the next generation, run exec";
  }
  Outcome const json = revoked.check();
  CHECK(json.exit_code == 2);
  auto const report = report_of(json);
  CHECK(text_of(report, "revoked_in_force").starts_with("CN=test leaf is revoked at "));
  CHECK(text_of(report, "plan") == plan);
  Outcome const text = revoked.check("text");
  CHECK(text.out.find(", generation 1 in force is revoked") != std::string::npos);
  CHECK(text.out.find("in force    generation 1 is revoked: ") != std::string::npos);
}

TEST_CASE("check takes an older pair for a revoked one, as the daemon does") {
  Revoked revoked;
  Scene& scene = revoked.scene;
  Pair const older = scene.issue({.not_before = revoked.pair.not_before - 1h});
  scene.offer(older);
  auto const report = report_of(revoked.check());
  CHECK(text_of(report, "verdict") == "accepted");
  CHECK(text_of(report, "plan") == "publish it as the next generation, run exec");
  CHECK(scene.command({"once", "-c", scene.config()}).exit_code == 0);
  CHECK(scene.published() == older.fingerprint);
  Outcome const after = revoked.check();
  CHECK(after.exit_code == 0);
  CHECK_FALSE(report_of(after).contains("revoked_in_force"));
}

TEST_CASE("check warns where it cannot be told whether what is in force is revoked") {
  Revoked revoked;
  Scene& scene = revoked.scene;
  Authority const other({.common_name = "Other"});
  rename_over(revoked.list, crl(other));
  int exit_code = 0;
  std::string why;
  SUBCASE("beside a source that is gone") {
    std::filesystem::remove_all(scene.source);
    exit_code = 3;
    why = "there is no CRL of CN=Test CA";
  }
  SUBCASE("beside a good pair") {
    scene.directory.write("anchors.pem", other.pem());
    Pair const next = other.issue();
    scene.offer_files({{"tls.crt", next.certificate_pem},
                       {"tls.key", next.key_pem},
                       {"ca.crt", scene.authority.pem() + other.pem()}});
    exit_code = 1;
    why = "its chain leads to none of the anchors";
  }
  Outcome const outcome = revoked.check("text");
  CHECK(outcome.exit_code == exit_code);
  auto const at =
      outcome.out.find("warning     generation 1 in force: cannot tell whether it is revoked: ");
  REQUIRE(at != std::string::npos);
  CHECK(outcome.out.find(why, at) != std::string::npos);
}

TEST_CASE("check rates what stays in force while the source's pair is held back") {
  Scene scene;
  scene.trust_keys += "skew = \"50h\"\n";
  scene.hooks = exec_hook({"/bin/true"});
  Pair const first = scene.issue({.not_before = from_now(-1000h), .not_after = from_now(1000h)});
  scene.offer(first);
  REQUIRE(scene.command({"once", "-c", scene.config()}).exit_code == 0);
  bool waits = false;
  bool until_expired = true;
  int otherwise = 0;
  std::string begin;
  SUBCASE("waits") {
    waits = true;
    scene.offer(scene.issue({.not_before = from_now(1040h), .not_after = from_now(3000h)}));
    begin = "accepted, generation 1 in force";
  }
  SUBCASE("is refused") {
    rename_over(scene.source / "tls.crt", "no certificate any more");
    otherwise = 2;
    begin = "refused (malformed_certificate), generation 1 in force";
  }
  SUBCASE("could not be rolled out") {
    scene.offer(scene.issue());
    scene.hooks = exec_hook({"/no/such"});
    otherwise = 2;
    until_expired = false;  // there is nothing to go back to then, and the hook is owed
    begin = "accepted, generation 1 in force";
  }
  SUBCASE("is gone") {
    std::filesystem::remove_all(scene.source);
    otherwise = 3;
    begin = "missing, generation 1 in force";
  }
  auto const check = [&](std::string const& at, std::string const& format = "text") {
    return scene.command({"check", "-c", scene.config(), "--format", format, "--warning", "10h",
                          "--critical", "1h", "--at", at});
  };
  if (!waits) CHECK(check("+1h").exit_code == otherwise);
  Outcome const warning = check("+995h");
  CHECK(warning.exit_code == (waits ? 1 : otherwise));
  CHECK(warning.out.find("warning     generation 1 stays in force, and only 4h") !=
        std::string::npos);
  Outcome const critical = check("+999h");
  CAPTURE(critical.out);
  CHECK(critical.exit_code == 2);
  CHECK(critical.out.starts_with("web: critical, " + begin + ": 59m"));
  CHECK(critical.out.find("in force    generation 1, CN=test leaf, expires ") != std::string::npos);
  if (!until_expired) return;
  Outcome const expired = check("+1001h");
  CHECK(expired.exit_code == 2);
  CHECK(expired.out.find("generation 1 stays in force, and expired at ") != std::string::npos);
  CHECK(report_of(check("+1001h", "json")).at("remaining_seconds_in_force").as_int64() < 0);
}

TEST_CASE("check does not rate what is in force where it is replaced now") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  scene.offer(scene.issue({.not_after = from_now(1h)}));
  REQUIRE(scene.command({"once", "-c", scene.config()}).exit_code == 0);
  scene.offer(scene.issue());
  Outcome const outcome = scene.command({"check", "-c", scene.config(), "--format", "json"});
  CHECK(outcome.exit_code == 0);
  CHECK_FALSE(report_of(outcome).contains("not_after_in_force"));
}

TEST_CASE("check knows which anchors an emptied publish directory held, as the daemon does") {
  Scene scene;
  Authority const other({.common_name = "Other"});
  scene.hooks = exec_hook({"/bin/true"});
  scene.offer(scene.issue());
  rename_over(scene.source / "ca.crt", scene.authority.pem() + other.pem());
  REQUIRE(scene.command({"once", "-c", scene.config()}).exit_code == 0);
  std::filesystem::remove_all(scene.publish);
  rename_over(scene.source / "ca.crt", scene.authority.pem());
  Outcome const outcome = scene.command({"check", "-c", scene.config()});
  CHECK(outcome.out.find("ca.crt no longer holds CN=Other: published until ") != std::string::npos);
  REQUIRE(scene.command({"once", "-c", scene.config()}).exit_code == 0);
  CHECK(read_file(scene.publish / "ca.crt").find(other.pem()) != std::string::npos);
}

TEST_CASE("check says which anchors are kept in the published bundle, and until when") {
  Scene scene;
  Authority const other({.common_name = "Other"});
  scene.hooks = exec_hook({"/bin/true"});
  scene.offer(scene.issue());
  rename_over(scene.source / "ca.crt", scene.authority.pem() + other.pem());
  CHECK(scene.command({"once", "-c", scene.config()}).exit_code == 0);
  rename_over(scene.source / "ca.crt", scene.authority.pem());
  CHECK(scene.command({"once", "-c", scene.config()}).exit_code == 0);

  auto const check = [&](std::string const& format, std::string const& at) {
    return scene.command({"check", "-c", scene.config(), "--format", format, "--at", at});
  };
  Outcome const json = check("json", "+1h");
  CHECK(json.exit_code == 0);
  auto const kept = report_of(json).at("kept_anchors").as_array();
  REQUIRE(kept.size() == 1);
  CHECK(text_of(kept.front().as_object(), "subject") == "CN=Other");
  std::string const until = text_of(kept.front().as_object(), "until");
  CHECK(read_file(scene.publish / "ca.crt").find("kept until " + until) != std::string::npos);
  CHECK(check("text", "+1h")
            .out.find("kept        CN=Other, in the published CA bundle until " + until +
                      ", by publish.ca_grace") != std::string::npos);
  CHECK(check("text", "+25h")
            .out.find("kept        CN=Other, in the published CA bundle though "
                      "its time is over") != std::string::npos);
}
