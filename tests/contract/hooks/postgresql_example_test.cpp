#include <doctest/doctest.h>

#include "support/postgres.hpp"
#include "support/recipe.hpp"
#include "support/scene.hpp"

using namespace certpivot::testing;

TEST_CASE("the recipe for PostgreSQL works as written: first pair, a rotation, a new CA refused") {
  Scene scene;
  Pair const first = scene.issue({.names = {"db.internal"}});
  scene.offer(first);
  std::string text = recipe("postgresql.toml");
  put(text, "/mnt/certs/db", scene.source);
  put(text, "/run/certs/db", scene.publish);
  put(text, "/etc/pki/internal-ca.pem", scene.directory / "anchors.pem");
  put(text, "owner = \"postgres\"", "owner = \"" + Postgres::account() + "\"");
  std::string const agent = "[agent]\nstate = \"" + (scene.directory / "state").string() +
                            "\"\nlog = { format = \"json\" }\n\n";
  std::string const hook = "[[certificate.hook]]";
  std::string const without_hook = agent + text.substr(0, text.find(hook));
  std::string const config = scene.directory.write("postgresql.toml", without_hook);
  REQUIRE(scene.command({"once", "-c", config}).exit_code == 0);

  Postgres const postgres({.certificate = scene.publish / "tls.crt",
                           .key = scene.publish / "tls.key",
                           .ca = scene.publish / "ca.crt",
                           .client_certificates = true});
  put(text, "/var/run/postgresql/15-main.pid", postgres.pidfile());
  scene.directory.write("postgresql.toml", agent + text);
  Daemon daemon(config);
  Pair const second = scene.issue({.names = {"db.internal"}});
  scene.offer(second);
  CHECK(daemon.ending_of(second.fingerprint).event == "committed");
  wait_until("PostgreSQL serves the new pair", [&] {
    Outcome const look = scene.command(
        {"check", "--connect", "127.0.0.1:" + std::to_string(postgres.port()), "--starttls",
         "postgres", "--server-name", "db.internal", "--anchors", scene.directory / "anchors.pem"});
    return look.out.find(second.fingerprint) != std::string::npos;
  });

  Pair const client = scene.issue({.purpose = Purpose::client});
  PostgresClient const files{
      .anchors = scene.directory / "anchors.pem",
      .certificate = scene.directory.write("client.crt", client.certificate_pem),
      .key = scene.directory.write("client.key", client.key_pem)};
  CHECK(postgres.query(files).out == "1\n");
  rename_over(scene.source / "ca.crt", Authority().pem());
  CHECK(daemon.next("refused").reasons == "ca_without_overlap ca_orphans_leaf");
  CHECK(postgres.query(files).out == "1\n");
  CHECK(daemon.stop() == 0);
}
