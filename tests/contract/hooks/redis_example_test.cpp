#include <doctest/doctest.h>

#include "support/account.hpp"
#include "support/recipe.hpp"
#include "support/recipe_trial.hpp"
#include "support/server.hpp"

using namespace certpivot::testing;

namespace {

std::shared_ptr<void> start_redis(RecipeTrial::Stage& stage) {
  std::string config = server_lines(stage.recipe);
  put(config, "tls-port 6379", "tls-port " + std::to_string(stage.port));
  config += "bind 127.0.0.1\nsave \"\"\ndir " + stage.path("/run/redis") + "\n";
  give_to_account("redis", stage.root.make("run/redis"));
  auto const file = stage.root.write("etc/redis/redis.conf", config, 0644);
  return std::make_shared<Server>(ServerOptions{
      .command = {"/usr/bin/redis-server", file}, .account = "redis", .port = stage.port});
}

}  // namespace

TEST_CASE("the recipe for Redis works as written, and no client sees a failure") {
  RecipeTrial{.recipe = "redis.toml",
              .certificate = "redis",
              .address = "127.0.0.1:6379",
              .start = start_redis,
              .talk = {.request = "PING\r\n"},
              .served = "+PONG"}
      .run();
}
