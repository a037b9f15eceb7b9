#include <doctest/doctest.h>

#include "support/recipe.hpp"
#include "support/recipe_trial.hpp"
#include "support/server.hpp"

using namespace certpivot::testing;

namespace {

std::shared_ptr<void> start_haproxy(RecipeTrial::Stage& stage) {
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

TEST_CASE("the recipe for haproxy works as written, and no client sees a failure") {
  RecipeTrial{.recipe = "haproxy.toml", .start = start_haproxy}.run();
}

TEST_CASE("the recipe for haproxy works without its socket too, and no client sees a failure") {
  RecipeTrial{.recipe = "haproxy.toml",
              .start =
                  [](RecipeTrial::Stage& stage) {
                    auto haproxy = start_haproxy(stage);
                    put(stage.recipe, "\nsocket = ", "\n# socket = ");
                    return haproxy;
                  }}
      .run();
}
