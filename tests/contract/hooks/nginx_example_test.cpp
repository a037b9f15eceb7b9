#include <doctest/doctest.h>

#include "support/nginx.hpp"
#include "support/recipe.hpp"
#include "support/recipe_trial.hpp"

using namespace certpivot::testing;

TEST_CASE("the recipe for nginx works as written, and no client sees a failure") {
  RecipeTrial{.recipe = "nginx.toml",
              .start =
                  [](RecipeTrial::Stage& stage) {
                    auto nginx =
                        std::make_shared<Nginx>(NginxOptions{.server = server_lines(stage.recipe)});
                    stage.port = nginx->port();
                    put(stage.recipe, "# config = \"" + stage.path("/etc/nginx-edge/nginx.conf"),
                        "config = \"" + nginx->config());
                    put(stage.recipe, "# pidfile = \"" + stage.path("/run/nginx-edge.pid"),
                        "pidfile = \"" + nginx->pidfile());
                    return nginx;
                  },
              .refused = "400"}
      .run();
}
