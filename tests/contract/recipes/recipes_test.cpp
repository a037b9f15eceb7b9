#include <doctest/doctest.h>

#include "recipes/servers.hpp"
#include "recipes/trial.hpp"

using namespace certpivot::testing;

TEST_CASE("the recipe for nginx works as written, and no client sees a failure") {
  stand_trial(nginx_server());
}

TEST_CASE("the recipe for haproxy works as written, and no client sees a failure") {
  stand_trial(haproxy_server());
}

TEST_CASE("the recipe for haproxy by reloads works as written, and no client sees a failure") {
  stand_trial(haproxy_by_reload_server());
}

TEST_CASE("the recipe for hitch works as written, and no client sees a failure but its own") {
  stand_trial(hitch_server());
}

TEST_CASE("the recipe for Apache works as written, and no client sees a failure") {
  stand_trial(apache_server());
}

TEST_CASE("the recipe for stunnel works as written, and no client sees a failure but its own") {
  stand_trial(stunnel_server());
}

TEST_CASE("the recipe for PostgreSQL works as written, and no client sees a failure") {
  stand_trial(postgresql_server());
}

TEST_CASE("the recipe for Redis works as written, and no client sees a failure") {
  stand_trial(redis_server());
}

TEST_CASE("the recipe for Caddy works as written, and no client sees a failure but its own") {
  stand_trial(caddy_server());
}

TEST_CASE("the recipe for Node's https works as written, and no client sees a failure") {
  stand_trial(node_https_server());
}

TEST_CASE("the recipe for Python works as written, and no client sees a failure") {
  stand_trial(python_server());
}

TEST_CASE("the recipe for Go works as written, and no client sees a failure") {
  stand_trial(go_server());
}
