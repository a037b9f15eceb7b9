#include "recipes/servers.hpp"
#include "support/account.hpp"
#include "support/http_backend.hpp"
#include "support/recipe.hpp"
#include "support/server.hpp"

namespace certpivot::testing {

namespace {

struct Caddy {
  explicit Caddy(RecipeServer::Stage const& stage)
      : server({.command = {"/usr/bin/caddy", "run", "--config", configure(stage)},
                .account = "caddy",
                .environment = {"HOME=" + home(stage)},
                .port = stage.port}) {}

  std::string configure(RecipeServer::Stage const& stage) const {
    std::string config = server_lines(stage.recipe);
    put(config, "localhost:2019", "localhost:" + std::to_string(free_port()));
    put(config, "\":443\"", "\"127.0.0.1:" + std::to_string(stage.port) + "\"");
    put(config, "127.0.0.1:8080", "127.0.0.1:" + std::to_string(backend.port()));
    return stage.root.write("etc/caddy/caddy.json", config, 0644);
  }

  static std::string home(RecipeServer::Stage const& stage) {
    auto const directory = stage.root.make("home");
    give_to_account("caddy", directory);
    return directory;
  }

  HttpBackend backend = {};
  Server server;
};

}  // namespace

RecipeServer caddy_server() {
  return {.recipe = "caddy.toml",
          .start = [](RecipeServer::Stage& stage) { return std::make_shared<Caddy>(stage); },
          .own_losses = {"reset in the handshake"}};
}

}  // namespace certpivot::testing
