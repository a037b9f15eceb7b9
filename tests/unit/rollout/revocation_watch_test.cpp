#include "rollout/revocation_watch.hpp"

#include <doctest/doctest.h>

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
    return watch.ask(settings, target, number, evidence, from_now({})).value_or("");
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

TEST_CASE("an answer counts until it is another, and one that cannot be had leaves the last") {
  Published scene;
  scene.revoke();
  std::string const sentence = scene.ask(1);
  CHECK(holds(sentence, "CN=web is revoked"));
  CHECK(scene.watch.note(sentence) == sentence);
  CHECK_FALSE(scene.watch.note(sentence));
  CHECK(scene.ask(1) == sentence);
  CHECK(scene.ask(3) == sentence);
  CHECK(scene.ask(0) == "");
  scene.settings.trust.revocation = settings::Revocation::off;
  CHECK(scene.ask(1) == "");
  CHECK_FALSE(scene.watch.note({}));
  CHECK(scene.watch.note(sentence) == sentence);
}
