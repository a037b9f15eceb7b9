#include "recipes/servers.hpp"
#include "support/recipe.hpp"
#include "support/server.hpp"

namespace certpivot::testing {

namespace {

std::shared_ptr<void> start_haproxy(RecipeServer::Stage& stage) {
  std::string config = server_lines(stage.recipe);
  put(config, "bind :443", "bind 127.0.0.1:" + std::to_string(stage.port));
  put(config, "frontend web\n",
      "defaults\n  mode http\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n"
      "frontend web\n  http-request return status 200 content-type text/plain string served\n");
  stage.root.make("run/haproxy");
  return std::make_shared<Server>(
      ServerOptions{.command = {"/usr/sbin/haproxy", "-Ws", "-f",
                                stage.root.write("etc/haproxy/haproxy.cfg", config), "-S",
                                stage.path("/run/haproxy-master.sock")},
                    .port = stage.port});
}

}  // namespace

RecipeServer haproxy_server() { return {.recipe = "haproxy.toml", .start = start_haproxy}; }

RecipeServer haproxy_by_reload_server() {
  return {.recipe = "haproxy.toml", .start = [](RecipeServer::Stage& stage) {
            auto haproxy = start_haproxy(stage);
            put(stage.recipe, "\nsocket = ", "\n# socket = ");
            return haproxy;
          }};
}

}  // namespace certpivot::testing
