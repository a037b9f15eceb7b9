#pragma once

#include "recipes/recipe_server.hpp"

/// The servers of config/examples, each from its Debian package or from the program beside its
/// recipe.
namespace certpivot::testing {

[[nodiscard]] RecipeServer nginx_server();
[[nodiscard]] RecipeServer haproxy_server();
/// The same without its stats socket, so that each pair comes by a reload.
[[nodiscard]] RecipeServer haproxy_by_reload_server();
[[nodiscard]] RecipeServer hitch_server();
[[nodiscard]] RecipeServer apache_server();
[[nodiscard]] RecipeServer stunnel_server();
[[nodiscard]] RecipeServer postgresql_server();
[[nodiscard]] RecipeServer redis_server();
[[nodiscard]] RecipeServer caddy_server();
[[nodiscard]] RecipeServer node_https_server();
[[nodiscard]] RecipeServer python_server();
[[nodiscard]] RecipeServer go_server();

}  // namespace certpivot::testing
