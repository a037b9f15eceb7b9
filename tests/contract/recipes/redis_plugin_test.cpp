#include <sys/stat.h>

#include <doctest/doctest.h>

#include "recipes/servers.hpp"
#include "recipes/staged_recipe.hpp"
#include "support/recipe.hpp"
#include "support/repository.hpp"

using namespace certpivot::testing;

namespace {

/// The recipe with the plugin of the source tree in place of redis-cli, for a Redis that asks for a
/// password.
struct ByPlugin {
  ByPlugin() {
    auto const plugin =
        root.write("plugins/certpivot-redis",
                   read_file(repository() / "plugins/external/certpivot-redis"), 0755);
    ::chmod(plugin.parent_path().c_str(), 0755);
    std::string text = read_file(staged.config());
    put(text, "[agent]\n", "[agent]\nplugins = \"" + plugin.parent_path().string() + "\"\n");
    auto const hook = text.find("type = \"exec\"");
    text.erase(hook, text.find("timeout", hook) - hook);
    text.insert(hook, "type = \"redis\"\nsocket = \"" + socket + "\"\npassword_file = \"" +
                          root.write("password", "open sesame\n").string() + "\"\n");
    config = root.write("certpivot.toml", text);
    REQUIRE(redis({"config", "set", "requirepass", "open sesame"}).out == "OK\n");
  }
  [[nodiscard]] Outcome redis(std::vector<std::string> const& words) const {
    std::vector<std::string> command{"/usr/bin/redis-cli", "-s", socket};
    command.insert(command.end(), words.begin(), words.end());
    return run_program(command);
  }

  StagedRecipe staged{redis_server()};
  TempDirectory root = {};
  std::string socket = staged.stage().path("/run/redis/redis.sock");
  std::string config = {};
};

}  // namespace

TEST_CASE("the plugin for Redis takes a real Redis with a password through rotations") {
  ByPlugin scene;
  Daemon daemon(scene.config);
  daemon.wait_until_settled();
  Outcome const check = certpivot::testing::certpivot({"check", "-c", scene.config});
  CHECK_MESSAGE(check.exit_code < 2, check.out);
  StagedRecipe& staged = scene.staged;
  for (int turn = 0; turn < 3; ++turn) {
    Pair const next = staged.issue(staged.a());
    staged.offer(next, staged.a().pem());
    CHECK(daemon.ending_of(next.fingerprint).event == "committed");
    CHECK(staged.look(next).fingerprint == next.fingerprint);
  }
  CHECK(daemon.stop() == 0);
}

TEST_CASE("what Redis answers to the plugin is what people read, before anything has changed") {
  ByPlugin scene;
  REQUIRE(scene.redis({"-a", "open sesame", "config", "set", "requirepass", "another"}).exit_code ==
          0);
  Daemon daemon(scene.config);
  daemon.wait_until_settled();
  Pair const next = scene.staged.issue(scene.staged.a());
  scene.staged.offer(next, scene.staged.a().pem());
  LogLine const ending = daemon.ending_of(next.fingerprint);
  CHECK(ending.event == "failed");
  CAPTURE(ending.message);
  CHECK(ending.message.find("redis: " + scene.socket + " answered: WRONGPASS") !=
        std::string::npos);
  CHECK(scene.staged.look(next).fingerprint == scene.staged.first().fingerprint);
  CHECK(daemon.stop() == 0);
}
