#include <doctest/doctest.h>

#include "support/postgres.hpp"
#include "support/scene.hpp"
#include "support/starttls_server.hpp"

using namespace certpivot::testing;

namespace {

std::string probe(std::string const& address, std::string const& protocol) {
  return "[[certificate.probe]]\naddress = \"" + address + "\"\nstarttls = \"" + protocol + "\"\n";
}

// The hooks of what is there at the start are owed, and the proof after them is what is looked for.
void prove(Scene& scene) {
  scene.run().wait_for_text("serves generation 1, 3 handshakes in a row");
}

std::string hangup(std::string const& pidfile) {
  return "[[certificate.hook]]\ntype = \"signal\"\nsignal = \"HUP\"\npidfile = \"" + pidfile +
         "\"\n";
}

}  // namespace

TEST_CASE("OpenLDAP and MariaDB are asked for TLS in their own words, and proved to serve") {
  for (std::string const protocol : {"ldap", "mysql"}) {
    CAPTURE(protocol);
    Scene scene;
    scene.publish_first(scene.issue());
    StarttlsServer const server(protocol, scene.publish / "current/tls.crt",
                                scene.publish / "current/tls.key");
    scene.hooks = exec_hook({"/bin/true"});
    scene.probes = probe(server.address(), protocol);
    prove(scene);
    CHECK(scene.daemon().all("rolled_back").empty());
  }
}

TEST_CASE("Dovecot's IMAP and submission are proved to serve each rotation") {
  for (std::string const protocol : {"imap", "smtp"}) {
    CAPTURE(protocol);
    Scene scene;
    scene.publish_first(scene.issue());
    StarttlsServer const server(protocol, scene.publish / "current/tls.crt",
                                scene.publish / "current/tls.key");
    scene.hooks = hangup(server.pidfile());
    scene.probes = probe(server.address(), protocol);
    prove(scene);
    Pair const second = scene.issue();
    scene.offer(second);
    CHECK(scene.daemon().ending_of(second.fingerprint).event == "committed");
  }
}

TEST_CASE(
    "PostgreSQL is proved to serve a rotation, and one that it does not take is rolled back") {
  Scene scene;
  scene.publish_keys += "group = \"" + Postgres::account() + "\"\n";
  Pair const first = scene.issue();
  scene.offer(first);
  REQUIRE(scene.command({"once", "-c", scene.config()}).exit_code == 0);
  auto const current = scene.publish / "current";
  Postgres const server({.certificate = current / "tls.crt", .key = current / "tls.key"});
  scene.hooks = hangup(server.pidfile());
  scene.probes = probe("127.0.0.1:" + std::to_string(server.port()), "postgres");
  scene.run();
  Pair const second = scene.issue();
  scene.offer(second);
  CHECK(scene.daemon().ending_of(second.fingerprint).event == "committed");

  scene.hooks = exec_hook({"/bin/true"});
  scene.probes += "timeout = \"500ms\"\n";
  scene.run().wait_until_settled();
  Pair const third = scene.issue();
  scene.offer(third);
  LogLine const line = scene.daemon().ending_of(third.fingerprint);
  CHECK(line.event == "rolled_back");
  CHECK(line.message.find(second.fingerprint) != std::string::npos);
  CHECK(line.message.find(", that of generation 2, in force before") != std::string::npos);
}
