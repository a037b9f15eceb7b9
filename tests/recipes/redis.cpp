#include "recipes/servers.hpp"
#include "support/account.hpp"
#include "support/recipe.hpp"
#include "support/server.hpp"

namespace certpivot::testing {

namespace {

std::shared_ptr<void> start_redis(RecipeServer::Stage& stage) {
  std::string config = server_lines(stage.recipe);
  put(config, "tls-port 6379", "tls-port " + std::to_string(stage.port));
  config += "bind 127.0.0.1\nsave \"\"\ndir " + stage.path("/run/redis") + "\n";
  give_to_account("redis", stage.root.make("run/redis"));
  auto const file = stage.root.write("etc/redis/redis.conf", config, 0644);
  return std::make_shared<Server>(ServerOptions{
      .command = {"/usr/bin/redis-server", file}, .account = "redis", .port = stage.port});
}

}  // namespace

RecipeServer redis_server() {
  return {.recipe = "redis.toml",
          .certificate = "redis",
          .address = "127.0.0.1:6379",
          .start = start_redis,
          .talk = {.request = "PING\r\n"},
          .served = "+PONG"};
}

}  // namespace certpivot::testing
