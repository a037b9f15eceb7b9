#include "rollout/revocation_watch.hpp"

#include <doctest/doctest.h>

#include "source/read.hpp"
#include "support/crl.hpp"
#include "support/holds.hpp"
#include "support/memory_publish.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using namespace certpivot::rollout;
using testing::from_now;
using testing::holds;

namespace {

/// A pair that is published twice, and the CRL of its authority beside the source.
struct Published {
  Published() {
    settings.name = "web";
    settings.trust.revocation = settings::Revocation::crl;
    settings.trust.crl_files = {directory.write("ca.crl", testing::crl(authority)).string()};
    std::string const ca = authority.pem();
    publish::Content const content{pair.certificate_pem, pair.key_pem, ca, {}};
    for (publish::Number const number : {1U, 2U}) REQUIRE(target.stage(number, content));
  }
  [[nodiscard]] std::string ask(publish::Number number) {
    answer = watch.ask(settings, {number, &target, {}}, evidence, from_now({}));
    return answer ? answer->value_or("") : "unknown: " + answer.error().text();
  }
  void revoke() {
    directory.write("ca.crl", testing::crl(authority, {.entries = {{pair.serial}}}));
  }

  testing::TempDirectory directory = testing::TempDirectory();
  testing::Authority authority = testing::Authority();
  testing::Pair pair = authority.issue({.common_name = "web"});
  testing::Script script = testing::Script();
  testing::MemoryPublish target = testing::MemoryPublish(script);
  source::Evidence evidence = source::Evidence();
  settings::Certificate settings = {};
  RevocationWatch watch = {};
  RevocationWatch::Answer answer = std::optional<std::string>();
};

}  // namespace

TEST_CASE(
    "with CRLs the answer is looked for when they or the generation are others, and only then") {
  Published scene;
  scene.script.forget_calls();
  CHECK(scene.ask(1) == "");
  CHECK(scene.ask(1) == "");
  CHECK(scene.script.calls().size() == 1);
  CHECK(scene.ask(2) == "");
  CHECK(scene.script.calls().size() == 2);
  scene.revoke();
  CHECK(holds(scene.ask(2), "CN=web is revoked"));
  CHECK(scene.script.calls().back() == "publish.load 2");
  CHECK(scene.script.calls().size() == 3);
}

TEST_CASE("an answer is news once, and one that cannot be had leaves the last") {
  Published scene;
  scene.revoke();
  std::string const sentence = scene.ask(1);
  CHECK(holds(sentence, "CN=web is revoked"));
  CHECK(scene.watch.note(scene.answer).revoked == sentence);
  CHECK(scene.watch.is_revoked());
  CHECK(scene.watch.note(scene.answer).revoked == "");
  CHECK(scene.ask(1) == sentence);

  std::string const unknown = scene.ask(3);
  CHECK(holds(unknown, "unknown: "));
  CHECK("unknown: " + scene.watch.note(scene.answer).unknown == unknown);
  CHECK(scene.watch.note(scene.answer).unknown == "");
  CHECK(scene.watch.is_revoked());
  CHECK(scene.ask(1) == sentence);
  CHECK(scene.watch.note(scene.answer).revoked == "");

  CHECK(scene.ask(0) == "");
  scene.settings.trust.revocation = settings::Revocation::off;
  CHECK(scene.ask(1) == "");
  CHECK(scene.watch.note(scene.answer).revoked == "");
  CHECK_FALSE(scene.watch.is_revoked());
}

TEST_CASE("an answer by a CRL is looked for again when the CRL ends, and that it ended is said") {
  Published scene;
  auto const end = from_now(std::chrono::hours(1));
  scene.directory.write("ca.crl", testing::crl(scene.authority, {.next_update = end}));
  auto const at = [&](WallTime now) {
    scene.answer = scene.watch.ask(scene.settings, {1, &scene.target, {}}, scene.evidence, now);
    return scene.watch.note(scene.answer);
  };
  CHECK(at(end - std::chrono::seconds(1)).unknown == "");
  CHECK(holds(at(end).unknown, "expired at"));
  CHECK(at(end).unknown == "");
  scene.directory.write(
      "ca.crl",
      testing::crl(scene.authority, {.next_update = end + std::chrono::hours(1), .number = 2}));
  CHECK(holds(at(end).recovered, "not revoked, which can be told again"));
  CHECK(at(end).recovered == "");
}

TEST_CASE("a revocation that is taken back is said") {
  Published scene;
  scene.revoke();
  (void)scene.ask(1);
  CHECK(scene.watch.note(scene.answer).revoked != "");
  scene.directory.write("ca.crl", testing::crl(scene.authority, {.number = 2}));
  CHECK(scene.ask(1) == "");
  CHECK(scene.watch.note(scene.answer).recovered == "it is no longer revoked");
  CHECK_FALSE(scene.watch.is_revoked());
}

TEST_CASE("what could not be told is asked again, though nothing has changed") {
  Published scene;
  scene.settings.trust.anchors = (scene.directory / "anchors.pem").string();
  CHECK(holds(scene.ask(1), "unknown: "));
  scene.revoke();
  CHECK(holds(scene.ask(1), "unknown: "));
  scene.directory.write("anchors.pem", scene.authority.pem());
  CHECK(holds(scene.ask(1), "CN=web is revoked"));
}

TEST_CASE(
    "without a publish directory the source is asked about, while it holds what is in force") {
  Published scene;
  scene.settings.source.directory = scene.directory.string();
  scene.directory.write("tls.crt", scene.pair.certificate_pem);
  scene.directory.write("tls.key", scene.pair.key_pem);
  scene.directory.write("ca.crt", scene.authority.pem());
  scene.revoke();
  auto const snapshot = source::read(scene.settings.source);
  REQUIRE(snapshot);
  auto const ask = [&](std::string const& digest) {
    auto const answer =
        scene.watch.ask(scene.settings, {1, nullptr, digest}, scene.evidence, from_now({}));
    return answer ? answer->value_or("") : answer.error().text();
  };
  CHECK(ask("another") == "");
  CHECK(holds(ask(snapshot->digest), "CN=web is revoked"));
}
