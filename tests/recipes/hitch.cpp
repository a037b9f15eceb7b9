#include "recipes/servers.hpp"
#include "support/http_backend.hpp"
#include "support/recipe.hpp"
#include "support/server.hpp"

namespace certpivot::testing {

namespace {

struct Hitch {
  explicit Hitch(RecipeServer::Stage const& stage)
      : server({.command = {"/usr/sbin/hitch", "--config=" + configure(stage),
                            "--pidfile=" + stage.path("/run/hitch.pid")},
                .port = stage.port}) {}

  std::string configure(RecipeServer::Stage const& stage) const {
    std::string config = server_lines(stage.recipe);
    put(config, "[*]:443", "[127.0.0.1]:" + std::to_string(stage.port));
    put(config, "[127.0.0.1]:8080", "[127.0.0.1]:" + std::to_string(backend.port()));
    return stage.root.write("etc/hitch/hitch.conf", config);
  }

  HttpBackend backend = {};
  Server server;
};

}  // namespace

RecipeServer hitch_server() {
  return {.recipe = "hitch.toml",
          .start = [](RecipeServer::Stage& stage) { return std::make_shared<Hitch>(stage); },
          .own_losses = {"connection refused", "reset in the handshake"}};
}

}  // namespace certpivot::testing
