#include <signal.h>

#include <doctest/doctest.h>

#include "recipes/servers.hpp"
#include "support/account.hpp"
#include "support/recipe.hpp"
#include "support/server.hpp"
#include "support/sources.hpp"

using namespace certpivot::testing;

namespace {

/// What a server reads, without certpivot, which would not publish a broken pair.
void make_current(RecipeServer::Stage const& stage, std::string const& generation,
                  Contents const& contents) {
  std::string const directory = "run/certs/web/";
  for (auto const& [name, text] : contents)
    stage.root.write(directory + generation + "/" + name, text, 0644);
  point_link(stage.root / (directory + "current"), generation);
}

/// Whoever takes a program from config/examples relies on this.
void expect_old_pair_kept(RecipeServer const& described) {
  RecipeServer::Stage stage;
  let_pass(stage.root / "file");
  stage.recipe = below(stage.root.path(), recipe(described.recipe));
  Authority const authority;
  Pair const good = authority.issue();
  Pair const other = authority.issue();
  Contents contents{
      {"tls.crt", good.certificate_pem}, {"tls.key", good.key_pem}, {"ca.crt", authority.pem()}};
  make_current(stage, "1", contents);
  auto const server = std::static_pointer_cast<Server>(described.start(stage));
  CHECK(look_at(stage.port, &good).fingerprint == good.fingerprint);
  contents["tls.crt"] = other.certificate_pem;
  make_current(stage, "2", contents);
  server->send(SIGHUP);
  server->wait_for_text("keeping the old certificate");
  Look const look = look_at(stage.port, &good);
  CHECK(look.fingerprint == good.fingerprint);
  CHECK(look.status == "200");
}

}  // namespace

TEST_CASE("the example servers for Node, Python and Go keep their pair where a new one is broken") {
  expect_old_pair_kept(node_https_server());
  expect_old_pair_kept(python_server());
  expect_old_pair_kept(go_server());
}
