#include <stdexcept>

#include "recipes/servers.hpp"
#include "support/account.hpp"
#include "support/recipe.hpp"
#include "support/repository.hpp"
#include "support/server.hpp"
#include "support/temp_directory.hpp"

namespace certpivot::testing {

namespace {

using Stage = RecipeServer::Stage;

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
  if (build.exit_code != 0) throw std::runtime_error("go build: " + build.err);
  return start(stage, "server", binary);
}

}  // namespace

RecipeServer node_https_server() { return {.recipe = "node-https.toml", .start = start_node}; }

RecipeServer python_server() { return {.recipe = "python.toml", .start = start_python}; }

RecipeServer go_server() { return {.recipe = "go.toml", .start = start_go}; }

}  // namespace certpivot::testing
