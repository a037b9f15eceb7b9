#include "recipes/servers.hpp"
#include "support/http_backend.hpp"
#include "support/recipe.hpp"
#include "support/server.hpp"

namespace certpivot::testing {

namespace {

struct Stunnel {
  explicit Stunnel(RecipeServer::Stage const& stage)
      : server({.command = {"/usr/bin/stunnel4", configure(stage)}, .port = stage.port}) {}

  std::string configure(RecipeServer::Stage const& stage) const {
    std::string config = server_lines(stage.recipe);
    put(config, "accept = 443", "accept = 127.0.0.1:" + std::to_string(stage.port));
    put(config, "127.0.0.1:8080", "127.0.0.1:" + std::to_string(backend.port()));
    return stage.root.write("etc/stunnel/web.conf", "foreground = yes\n" + config);
  }

  HttpBackend backend = {};
  Server server;
};

}  // namespace

RecipeServer stunnel_server() {
  return {.recipe = "stunnel.toml",
          .start = [](RecipeServer::Stage& stage) { return std::make_shared<Stunnel>(stage); },
          .own_losses = {"connection refused", "reset in the handshake"}};
}

}  // namespace certpivot::testing
