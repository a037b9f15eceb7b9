#include "source/responders.hpp"

#include <doctest/doctest.h>

#include "support/ocsp_responder.hpp"

using namespace certpivot;
using testing::Authority;
using testing::from_now;
using testing::OcspResponder;
using testing::OcspResponse;
using testing::Pair;

namespace {

auto const minute = std::chrono::minutes(1);
auto const second = std::chrono::seconds(1);

crypto::Certificate certificate(std::string const& pem) {
  return crypto::read_certificate(pem).value();
}

/// A leaf below a root, and a responder of the root's.
struct Scene {
  explicit Scene(OcspResponse const& response = {}) : responder(root, response) {
    rules.revocation = settings::Revocation::ocsp;
    rules.ocsp_timeout = std::chrono::seconds(30);
    rules.ocsp_url = responder.url();
  }
  [[nodiscard]] crypto::OcspAnswer ask(WallTime now = from_now({})) {
    auto const answers = responders.ask(path, rules, now);
    REQUIRE(answers.size() == 1);
    return answers.front();
  }

  Authority root = Authority();
  std::vector<crypto::Certificate> path = {certificate(root.issue().leaf_pem),
                                           certificate(root.pem())};
  OcspResponder responder;
  settings::Trust rules = {};
  source::Responders responders = {};
};

}  // namespace

TEST_CASE("a responder is asked once, until its answer's next update") {
  Scene scene({.next_update = from_now(10 * minute)});
  auto const now = from_now({});
  auto const answer = scene.ask(now);
  REQUIRE(answer.status);
  CHECK_FALSE(answer.status->revoked);
  CHECK(answer.responder == scene.responder.url());
  auto const until = *answer.status->next_update;
  CHECK(scene.ask(until - second).status);
  CHECK(scene.responder.asked() == 1);
  // What it answers then is stale.
  CHECK_FALSE(scene.ask(until).status);
  CHECK(scene.responder.asked() == 2);
}

TEST_CASE("an answer counts for an hour at most, and not before it was asked for") {
  auto const now = from_now({});
  for (bool const endless : {true, false}) {
    Scene scene({.next_update = from_now(90 * minute), .without_next_update = endless});
    CHECK(scene.ask(now).status);
    CHECK(scene.ask(now + 60 * minute - second).status);
    CHECK(scene.responder.asked() == 1);
    CHECK(scene.ask(now + 60 * minute).status);
    CHECK(scene.responder.asked() == 2);
    CHECK(scene.ask(now).status);
    CHECK(scene.responder.asked() == 3);
  }
}

TEST_CASE("that there was no answer to rely on is remembered for a minute") {
  Scene scene({.failure = 3});
  auto const now = from_now({});
  CHECK_FALSE(scene.ask(now).status);
  CHECK_FALSE(scene.ask(now + minute - second).status);
  CHECK(scene.responder.asked() == 1);
  CHECK_FALSE(scene.ask(now + minute).status);
  CHECK(scene.responder.asked() == 2);
}

TEST_CASE("the responder is the configured one, else the one that the certificate names") {
  Scene scene;
  OcspResponder const other(scene.root, {.status = OcspResponse::Status::revoked});
  scene.path[0] = certificate(scene.root.issue({.ocsp_url = other.url()}).leaf_pem);
  CHECK_FALSE(scene.ask().status->revoked);
  CHECK(other.asked() == 0);
  scene.rules.ocsp_url = "";
  CHECK(scene.ask().status->revoked);
  CHECK(other.asked() == 1);
  scene.path[0] = certificate(scene.root.issue().leaf_pem);
  auto const unnamed = scene.ask();
  CHECK_FALSE(unnamed.status);
  CHECK(unnamed.responder == "");
}

TEST_CASE("all answers about a path share one time limit") {
  Authority const root;
  OcspResponder const of_root(root);
  Authority const above = root.intermediate({.ocsp_url = of_root.url()});
  testing::SocketServer const silent(testing::stay_silent);
  std::string const url = "http://127.0.0.1:" + std::to_string(silent.port());
  std::vector const path{certificate(above.issue({.ocsp_url = url}).leaf_pem),
                         certificate(above.pem()), certificate(root.pem())};
  settings::Trust rules;
  rules.ocsp_timeout = std::chrono::milliseconds(200);
  source::Responders responders;
  auto const answers = responders.ask(path, rules, from_now({}));
  REQUIRE(answers.size() == 2);
  CHECK_FALSE(answers[0].status);
  CHECK_FALSE(answers[1].status);
  CHECK(of_root.asked() == 0);
  // The next look has all the time for what was not asked.
  rules.ocsp_timeout = std::chrono::seconds(30);
  CHECK(responders.ask(path, rules, from_now({}))[1].status);
}

TEST_CASE("what is above the leaf is asked about where it names a responder, the anchor never") {
  Authority const root;
  OcspResponder const of_root(root);
  Authority const named = root.intermediate({.ocsp_url = of_root.url()});
  Authority const silent = root.intermediate();
  for (Authority const* const above : {&named, &silent}) {
    OcspResponder const of_leaf(*above);
    source::Responders responders;
    std::vector const path{certificate(above->issue({.ocsp_url = of_leaf.url()}).leaf_pem),
                           certificate(above->pem()), certificate(root.pem())};
    settings::Trust rules;
    rules.ocsp_timeout = std::chrono::seconds(30);
    auto const answers = responders.ask(path, rules, from_now({}));
    REQUIRE(answers.size() == (above == &named ? 2 : 1));
    for (auto const& answer : answers) CHECK(answer.status);
  }
  CHECK(of_root.asked() == 1);
  source::Responders responders;
  CHECK(responders.ask({certificate(root.pem())}, {}, from_now({})).empty());
  CHECK(responders.ask({}, {}, from_now({})).empty());
}
