#include <string_view>

#include "recipes/servers.hpp"
#include "support/account.hpp"
#include "support/postgres.hpp"
#include "support/recipe.hpp"

namespace certpivot::testing {

namespace {

std::string bytes(std::string_view text) { return std::string(text); }

// PostgreSQL's protocol: SSLRequest, and a StartupMessage that is answered by "R", authenticated.
Talk const as_psql{
    .opening = bytes({"\0\0\0\x08\x04\xd2\x16\x2f", 8}),
    .request = bytes({"\0\0\0\x27\0\x03\0\0user\0tester\0database\0postgres\0\0", 39})};

std::shared_ptr<void> start_postgres(RecipeServer::Stage& stage) {
  give_to_account(Postgres::account(), stage.root.make("run/postgresql"));
  auto postgres = std::make_shared<Postgres>(
      PostgresOptions{.client_certificates = true,
                      .more = server_lines(stage.recipe) + "external_pid_file = '" +
                              stage.path("/run/postgresql/15-main.pid") + "'\n"});
  stage.port = postgres->port();
  return postgres;
}

}  // namespace

RecipeServer postgresql_server() {
  return {.recipe = "postgresql.toml",
          .certificate = "db",
          .address = "127.0.0.1:5432",
          .start = start_postgres,
          .talk = as_psql,
          .served = "R"};
}

}  // namespace certpivot::testing
