#include "plugins/haproxy/plan.hpp"

#include <doctest/doctest.h>

#include "plugins/haproxy/commands.hpp"
#include "support/holds.hpp"
#include "support/pki.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using namespace certpivot::plugins;
using testing::holds;

namespace {

/// A publish directory with one generation in force.
struct Stage {
  testing::TempDirectory directory = {};
  testing::Authority authority = testing::Authority();
  testing::Pair pair = authority.issue();
  std::string current = (directory / "current").string();
  event::Paths paths{current + "/tls.crt", current + "/tls.key", current + "/ca.crt"};

  Stage() {
    directory.make("generations/1");
    directory.write("generations/1/tls.crt", pair.certificate_pem);
    directory.write("generations/1/tls.key", pair.key_pem);
    directory.write("generations/1/ca.crt", authority.pem());
    directory.write("generations/1/ca.crl", "");
    std::filesystem::create_symlink("generations/1", current);
    std::filesystem::create_symlink("current/tls.crt", directory / "tls.crt");
    directory.write("copy.pem", pair.certificate_pem + pair.key_pem);
  }
  std::string at(std::string const& name) const { return (directory / name).string(); }
};

std::vector<std::string> names_in(Plan const& plan) {
  std::vector<std::string> names;
  for (auto const& one : plan.replacements) names.push_back(one.name);
  return names;
}

}  // namespace

TEST_CASE("every name that leads into the generation is replaced, and no other") {
  Stage const stage;
  auto const plan = make_plan(
      stage.paths, "",
      {{stage.at("tls.crt"), stage.at("copy.pem"), stage.paths.certificate, "/nowhere", "tls.crt"},
       {},
       {}});
  REQUIRE(plan.has_value());
  CHECK(names_in(*plan) == std::vector<std::string>{stage.at("tls.crt"), stage.paths.certificate});
  CHECK(plan->bundles.empty());
  CHECK(plan->leaf.size() == 40);
  CHECK(holds(std::string(plan->replacements[0].commands.view()),
              "set ssl cert " + stage.at("tls.crt") + " <<\n-----BEGIN CERTIFICATE-----\n"));
  CHECK(holds(std::string(plan->replacements[0].commands.view()), stage.pair.key_pem));
}

TEST_CASE("a name that was given is the only one, and must lead into the generation") {
  Stage const stage;
  Inventory const inventory{
      {stage.at("tls.crt"), stage.at("copy.pem"), stage.paths.certificate}, {}, {}};
  auto const plan = make_plan(stage.paths, stage.at("tls.crt"), inventory);
  REQUIRE(plan.has_value());
  CHECK(names_in(*plan) == std::vector<std::string>{stage.at("tls.crt")});

  auto const copy = make_plan(stage.paths, stage.at("copy.pem"), inventory);
  REQUIRE_FALSE(copy.has_value());
  CHECK(holds(copy.error().text(), "does not lead to"));
  auto const unknown = make_plan(stage.paths, "/other", inventory);
  REQUIRE_FALSE(unknown.has_value());
  CHECK(holds(unknown.error().text(), "has not loaded /other"));
}

TEST_CASE("a haproxy that has loaded nothing of the generation is told what it has") {
  Stage const stage;
  auto const plan = make_plan(stage.paths, "", {{"/etc/other.pem"}, {}, {}});
  REQUIRE_FALSE(plan.has_value());
  CHECK(holds(plan.error().text(), "/etc/other.pem"));
  CHECK_FALSE(names_to_replace(stage.paths, "", {"/etc/other.pem"}).has_value());
  CHECK(names_to_replace(stage.paths, "", {stage.at("tls.crt")}).has_value());
}

TEST_CASE("of the CA files, those of the generation must be loaded as they are on the disk") {
  Stage const stage;
  testing::Authority const second;
  stage.directory.write("generations/1/ca.crt",
                        stage.authority.pem() + "\n# kept\n" + second.pem());
  auto const plan = make_plan(
      stage.paths, "", {{stage.at("tls.crt")}, {stage.paths.ca, "@system-ca", "/etc/ca.pem"}, {}});
  REQUIRE(plan.has_value());
  REQUIRE(plan->bundles.size() == 1);
  CHECK(plan->bundles[0].name == stage.paths.ca);
  CHECK(plan->bundles[0].fingerprints.size() == 2);
}

TEST_CASE("a CRL of the generation, or its directory as CA path, is a case for a reload") {
  Stage const stage;
  auto const crl =
      make_plan(stage.paths, "", {{stage.at("tls.crt")}, {}, {stage.current + "/ca.crl"}});
  REQUIRE_FALSE(crl.has_value());
  CHECK(holds(crl.error().text(), "CRL"));
  CHECK(make_plan(stage.paths, "", {{stage.at("tls.crt")}, {}, {"/etc/other.crl"}}).has_value());
  CHECK_FALSE(make_plan(stage.paths, "", {{stage.at("tls.crt")}, {stage.current}, {}}).has_value());
}

TEST_CASE("a pair fits up to haproxy's buffer, and one byte more is a case for a reload") {
  Stage const stage;
  auto const size_with = [&](std::size_t more) {
    stage.directory.write("generations/1/tls.crt",
                          stage.pair.certificate_pem + std::string(more, '#') + "\n");
    return make_plan(stage.paths, "", {{stage.at("tls.crt")}, {}, {}});
  };
  auto const small = size_with(1);
  REQUIRE(small.has_value());
  auto const room = largest_replacement - small->replacements[0].commands.size() + 1;
  CHECK(size_with(room).has_value());
  auto const large = size_with(room + 1);
  REQUIRE_FALSE(large.has_value());
  CHECK(holds(large.error().text(), "too large"));
}

TEST_CASE("files that are missing are told by their path") {
  Stage const stage;
  std::filesystem::remove(stage.directory / "generations/1/tls.key");
  auto const plan = make_plan(stage.paths, "", {{stage.at("tls.crt")}, {}, {}});
  REQUIRE_FALSE(plan.has_value());
  CHECK(holds(plan.error().text(), "tls.key"));
  std::filesystem::remove(stage.current);
  CHECK(holds(make_plan(stage.paths, "", {}).error().text(), stage.paths.certificate));
}

TEST_CASE("a key that stands in the certificate's file is not sent twice") {
  Stage const stage;
  event::Paths const paths{stage.at("copy.pem"), stage.at("copy.pem"), ""};
  auto const plan = make_plan(paths, "", {{stage.at("copy.pem")}, {}, {}});
  REQUIRE(plan.has_value());
  std::string const commands(plan->replacements[0].commands.view());
  CHECK(commands.find("BEGIN CERTIFICATE") == commands.rfind("BEGIN CERTIFICATE"));
}
