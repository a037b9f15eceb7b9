#include "support/nginx.hpp"

#include "recipes/servers.hpp"
#include "support/recipe.hpp"

namespace certpivot::testing {

namespace {

void name_own_places(RecipeServer::Stage& stage) {
  put(stage.recipe, "# config = ", "config = ");
  put(stage.recipe, "# pidfile = ", "pidfile = ");
}

std::shared_ptr<void> start_nginx(RecipeServer::Stage& stage) {
  auto nginx = std::make_shared<Nginx>(NginxOptions{.server = server_lines(stage.recipe)});
  stage.port = nginx->port();
  put(stage.recipe, stage.path("/etc/nginx-edge/nginx.conf"), nginx->config());
  put(stage.recipe, stage.path("/run/nginx-edge.pid"), nginx->pidfile());
  return nginx;
}

}  // namespace

RecipeServer nginx_server() {
  return {
      .recipe = "nginx.toml", .prepare = name_own_places, .start = start_nginx, .refused = "400"};
}

}  // namespace certpivot::testing
