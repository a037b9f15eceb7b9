#include "support/memory_publish.hpp"

#include <ostream>

#include <doctest/doctest.h>

#include "unit/publish/published.hpp"

using namespace certpivot;
using namespace certpivot::testing;

namespace {

/// The same calls on the double and on the real one, so that they cannot drift apart.
std::string answers(publish::Target& target) {
  std::string all;
  auto const say = [&](auto const& answer) { all += answer ? " ok" : " refused"; };
  auto const look = [&] {
    std::string numbers = " " + std::to_string(*target.current()) + ":";
    auto const there = target.generations();
    for (publish::Number const number : *there) numbers += std::to_string(number);
    all += numbers;
  };
  say(target.prepare());
  look();
  for (publish::Number const number : {1U, 2U, 3U, 4U, 1U}) say(target.stage(number, content("a")));
  say(target.pivot(9));
  say(target.pivot(1));
  say(target.discard(1));
  say(target.discard(2));
  say(target.discard(2));
  say(target.load(2));
  say(target.load(3));
  look();
  say(target.prune(1, 3));
  look();
  return all;
}

}  // namespace

TEST_CASE("the double of the publish directory answers as the real one does") {
  Script script;
  MemoryPublish memory(script);
  Published const published;
  CHECK(answers(memory) == answers(*published.open()));
}

TEST_CASE("the double and the real one give back the same content") {
  Script script;
  MemoryPublish memory(script);
  Published published;
  published.settings.fullchain = "full.pem";
  auto const real = published.open();
  REQUIRE(real->prepare());
  for (publish::Target* const target : {static_cast<publish::Target*>(&memory), real.get()}) {
    REQUIRE(target->stage(1, {"chain", "key", "anchors", "revoked", {"full.pem"}}));
    auto const stored = target->load(1);
    REQUIRE(stored);
    CHECK(stored->key.view() == "key");
    CHECK(stored->ca == "anchors");
    CHECK(stored->crl == "revoked");
    CHECK(stored->extras == std::vector<std::string>{"full.pem"});
  }
}

TEST_CASE("the double shows what a server would read, and stands still while it is dead") {
  Script script;
  MemoryPublish memory(script);
  CHECK_FALSE(memory.served().has_value());
  REQUIRE(memory.stage(1, {"chain", "key", std::nullopt}));
  script.fail_at(1);
  CHECK_FALSE(memory.pivot(1));
  CHECK_FALSE(memory.served().has_value());
  script.crash_after(1);
  CHECK_THROWS_AS((void)memory.pivot(1), Script::Crash);
  CHECK_THROWS_AS((void)memory.discard(1), Script::Crash);
  script.reopen();
  CHECK(memory.served() == MemoryPublish::Files{"chain", "key", std::nullopt});
  CHECK(script.calls() ==
        std::vector<std::string>{"publish.stage 1", "publish.pivot 1", "publish.pivot 1"});
}
