#include "support/nginx.hpp"

#include "recipes/servers.hpp"
#include "support/recipe.hpp"

namespace certpivot::testing {

RecipeServer nginx_server() {
  return {.recipe = "nginx.toml",
          .start =
              [](RecipeServer::Stage& stage) {
                auto nginx =
                    std::make_shared<Nginx>(NginxOptions{.server = server_lines(stage.recipe)});
                stage.port = nginx->port();
                put(stage.recipe, "# config = \"" + stage.path("/etc/nginx-edge/nginx.conf"),
                    "config = \"" + nginx->config());
                put(stage.recipe, "# pidfile = \"" + stage.path("/run/nginx-edge.pid"),
                    "pidfile = \"" + nginx->pidfile());
                return nginx;
              },
          .refused = "400"};
}

}  // namespace certpivot::testing
