#include <doctest/doctest.h>

#include "support/http_backend.hpp"
#include "support/recipe.hpp"
#include "support/recipe_trial.hpp"
#include "support/server.hpp"

using namespace certpivot::testing;

namespace {

struct Stunnel {
  explicit Stunnel(RecipeTrial::Stage const& stage)
      : server({.command = {"/usr/bin/stunnel4", configure(stage)}, .port = stage.port}) {}

  std::string configure(RecipeTrial::Stage const& stage) const {
    std::string config = server_lines(stage.recipe);
    put(config, "accept = 443", "accept = 127.0.0.1:" + std::to_string(stage.port));
    put(config, "127.0.0.1:8080", "127.0.0.1:" + std::to_string(backend.port()));
    return stage.root.write("etc/stunnel/web.conf", "foreground = yes\n" + config);
  }

  HttpBackend backend = {};
  Server server;
};

}  // namespace

TEST_CASE("the recipe for stunnel works as written, and no client sees a failure but its own") {
  RecipeTrial{.recipe = "stunnel.toml",
              .start = [](RecipeTrial::Stage& stage) { return std::make_shared<Stunnel>(stage); },
              .own_losses = {"connection refused", "reset in the handshake"}}
      .run();
}
