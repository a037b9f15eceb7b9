#include <signal.h>

#include <doctest/doctest.h>

#include "support/account.hpp"
#include "support/recipe.hpp"
#include "support/recipe_trial.hpp"
#include "support/repository.hpp"
#include "support/server.hpp"
#include "support/sources.hpp"

using namespace certpivot::testing;

namespace {

using Stage = RecipeTrial::Stage;

/// A file of config/examples where whoever runs it may read it.
std::string program(Stage const& stage, std::string const& name) {
  return stage.root.write(std::filesystem::path(name).filename().string(),
                          read_file(repository() / "config/examples" / name), 0644);
}

/// The command that the recipe names, `name` in it being the file `file`.
std::shared_ptr<Server> start(Stage const& stage, std::string const& name,
                              std::string const& file) {
  std::string line = server_lines(stage.recipe);
  put(line, name + " ", file + " ");
  put(line, "port 443", "port " + std::to_string(stage.port));
  give_to_account("www-data", stage.root.make("run/web"));
  return std::make_shared<Server>(
      ServerOptions{.command = words_of(line), .account = "www-data", .port = stage.port});
}

std::shared_ptr<Server> start_node(Stage const& stage) {
  return start(stage, "server.js", program(stage, "node-https/server.js"));
}

std::shared_ptr<Server> start_python(Stage const& stage) {
  return start(stage, "server.py", program(stage, "python/server.py"));
}

std::shared_ptr<Server> start_go(Stage const& stage) {
  std::string const binary = stage.root / "server";
  Outcome const build = run_program(
      {"/usr/bin/go", "build", "-o", binary, program(stage, "go/server.go")},
      {"GOCACHE=" + stage.path("/go-cache"), "GOFLAGS=-mod=mod", "GO111MODULE=off", "GOPROXY=off"});
  REQUIRE_MESSAGE(build.exit_code == 0, build.err);
  return start(stage, "server", binary);
}

/// What a server reads, without certpivot, which would not publish a broken pair.
void make_current(Stage const& stage, std::string const& generation, Contents const& contents) {
  std::string const directory = "run/certs/web/";
  for (auto const& [name, text] : contents)
    stage.root.write(directory + generation + "/" + name, text, 0644);
  point_link(stage.root / (directory + "current"), generation);
}

/// Whoever takes a program from config/examples relies on this.
void expect_old_pair_kept(std::string const& file,
                          std::function<std::shared_ptr<Server>(Stage const&)> const& start_it) {
  Stage stage;
  let_pass(stage.root / file);
  stage.recipe = below(stage.root.path(), recipe(file));
  Authority const authority;
  Pair const good = authority.issue();
  Pair const other = authority.issue();
  Contents contents{
      {"tls.crt", good.certificate_pem}, {"tls.key", good.key_pem}, {"ca.crt", authority.pem()}};
  make_current(stage, "1", contents);
  auto const server = start_it(stage);
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

TEST_CASE("the recipe for Node's https works as written, and no client sees a failure") {
  RecipeTrial{.recipe = "node-https.toml", .start = start_node}.run();
}

TEST_CASE("the recipe for Python works as written, and no client sees a failure") {
  RecipeTrial{.recipe = "python.toml", .start = start_python}.run();
}

TEST_CASE("the recipe for Go works as written, and no client sees a failure") {
  RecipeTrial{.recipe = "go.toml", .start = start_go}.run();
}

TEST_CASE("the example servers for Node, Python and Go keep their pair where a new one is broken") {
  expect_old_pair_kept("node-https.toml", start_node);
  expect_old_pair_kept("python.toml", start_python);
  expect_old_pair_kept("go.toml", start_go);
}
