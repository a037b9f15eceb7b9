#include <doctest/doctest.h>

#include "support/account.hpp"
#include "support/http_backend.hpp"
#include "support/recipe.hpp"
#include "support/recipe_trial.hpp"
#include "support/server.hpp"

using namespace certpivot::testing;

namespace {

struct Caddy {
  explicit Caddy(RecipeTrial::Stage const& stage)
      : server({.command = {"/usr/bin/caddy", "run", "--config", configure(stage)},
                .account = "caddy",
                .environment = {"HOME=" + home(stage)},
                .port = stage.port}) {}

  std::string configure(RecipeTrial::Stage const& stage) const {
    std::string config = server_lines(stage.recipe);
    put(config, "localhost:2019", "localhost:" + std::to_string(free_port()));
    put(config, "\":443\"", "\"127.0.0.1:" + std::to_string(stage.port) + "\"");
    put(config, "127.0.0.1:8080", "127.0.0.1:" + std::to_string(backend.port()));
    return stage.root.write("etc/caddy/caddy.json", config, 0644);
  }

  static std::string home(RecipeTrial::Stage const& stage) {
    auto const directory = stage.root.make("home");
    give_to_account("caddy", directory);
    return directory;
  }

  HttpBackend backend = {};
  Server server;
};

}  // namespace

TEST_CASE("the recipe for Caddy works as written, and no client sees a failure but its own") {
  RecipeTrial{.recipe = "caddy.toml",
              .start = [](RecipeTrial::Stage& stage) { return std::make_shared<Caddy>(stage); },
              .own_losses = {"reset in the handshake"}}
      .run();
}
