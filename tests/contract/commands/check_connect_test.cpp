#include <boost/json.hpp>
#include <doctest/doctest.h>

#include "support/check_answer.hpp"
#include "support/postgres.hpp"
#include "support/scene.hpp"
#include "support/tls_server.hpp"

using namespace certpivot::testing;

// `check --connect`: what a server serves is judged.

namespace {

using Words = std::vector<std::string>;

Outcome check(Scene& scene, std::string const& address, Words more = {}) {
  more.insert(more.begin(),
              {"check", "--connect", address, "--anchors", scene.directory / "anchors.pem"});
  return scene.command(more);
}

bool has(std::string const& text, std::string const& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a server's live certificate is judged, its name included, and told") {
  Scene scene;
  Authority const intermediate = scene.authority.intermediate();
  Pair const pair = intermediate.issue({.names = {"127.0.0.1", "web.internal"}});
  TlsServer const server({.pairs = {pair}});
  Outcome const text = check(scene, server.address());
  CHECK(text.exit_code == 0);
  CHECK(text.out.starts_with(server.address() + ": good, accepted, 89d 23h left\n"));
  CHECK(has(text.out, "\n  served      over TLSv1.3: CN=test leaf, CN=Test Intermediate\n"));
  CHECK(has(text.out, pair.serial));
  CHECK(has(text.out, pair.fingerprint));
  CHECK_FALSE(has(text.out, "plan"));

  auto const report = report_of(
      check(scene, server.address(), {"--server-name", "web.internal", "--format", "json"}));
  CHECK(report.at("state") == "good");
  CHECK(report.at("protocol") == "TLSv1.3");
  CHECK(report.at("chain").as_array().size() == 2);
  CHECK(server.wait_for(2).back().server_name == "web.internal");
}

TEST_CASE("what no server could be asked for is a wrong flag") {
  Scene scene;
  Outcome const outcome = check(scene, "127.0.0.1:443", {"--server-name", "https://web"});
  CHECK(outcome.exit_code == 64);
  CHECK(has(outcome.err, "--server-name must be a DNS name or an IP address"));
}

TEST_CASE("what a peer would refuse is refused") {
  Scene scene;
  Authority const stranger({.common_name = "Stranger"});
  struct Row {
    Pair pair;
    Words flags;
    std::string code;
  };
  for (Row const& row :
       {Row{scene.issue({.names = {"elsewhere.internal"}}), {}, "name_missing"},
        Row{scene.issue({.names = {"127.0.0.1"}}), {"--server-name", "other"}, "name_missing"},
        Row{scene.issue({.names = {"127.0.0.1"}, .not_after = from_now(std::chrono::hours(-1))}),
            {},
            "expired"},
        Row{scene.authority.intermediate().issue({.names = {"127.0.0.1"}, .include_chain = false}),
            {},
            "incomplete_chain"},
        Row{scene.issue({.names = {"127.0.0.1"}, .purpose = Purpose::client}),
            {},
            "wrong_purpose"}}) {
    CAPTURE(row.code);
    TlsServer const server({.pairs = {row.pair}});
    Words flags = row.flags;
    flags.insert(flags.end(), {"--format", "json"});
    Outcome const outcome = check(scene, server.address(), flags);
    CHECK(outcome.exit_code == 2);
    auto const reasons = report_of(outcome).at("reasons").as_array();
    REQUIRE(reasons.size() == 1);
    CHECK(reasons[0].at("code").as_string() == row.code);
    CHECK(has(std::string(reasons[0].at("text").as_string()),
              "the chain that " + server.address() + " sends"));
  }
}

TEST_CASE("thresholds and another time go for a server as well") {
  Scene scene;
  TlsServer const server({.pairs = {scene.issue({.names = {"127.0.0.1"}})}});
  CHECK(check(scene, server.address(), {"--warning", "91d"}).exit_code == 1);
  CHECK(check(scene, server.address(), {"--at", "+91d"}).exit_code == 2);
}

TEST_CASE("a server that cannot be reached is unknown, and the sentence says why") {
  Scene scene;
  std::string const address = "127.0.0.1:" + std::to_string(free_port());
  Outcome const outcome = check(scene, address);
  CHECK(outcome.exit_code == 3);
  CHECK(outcome.out.starts_with(address + ": unknown, unreachable\n"));
  CHECK(has(outcome.out, "Connection refused"));
}

TEST_CASE("a pair is presented to a server that asks for one") {
  Scene scene;
  Pair const pair = scene.issue({.names = {"127.0.0.1"}});
  scene.offer(pair);
  TlsServer const server({.pairs = {pair}, .client_anchor_pem = scene.authority.pem()});
  Words const present{"--present-certificate", scene.source / "tls.crt", "--present-key",
                      scene.source / "tls.key"};
  CHECK(check(scene, server.address(), present).exit_code == 0);
  CHECK(server.wait_for(1).front().accepted);
  // Without one its own certificate is shown all the same.
  CHECK(check(scene, server.address()).exit_code == 0);

  TlsServer const strict({.pairs = {pair}, .client_anchor_pem = Authority().pem()});
  Outcome const refused = check(scene, strict.address(), present);
  CHECK(refused.exit_code == 3);
  CHECK(has(refused.out, "the certificate offered was refused"));

  Outcome const lost = check(
      scene, server.address(),
      {"--present-certificate", "/nonexistent/tls.crt", "--present-key", scene.source / "tls.key"});
  CHECK(lost.exit_code == 3);
  CHECK(has(lost.out, "/nonexistent"));

  auto const other = scene.directory.write("other.key", scene.issue().key_pem);
  Outcome const mixed =
      check(scene, server.address(),
            {"--present-certificate", scene.source / "tls.crt", "--present-key", other});
  CHECK(mixed.exit_code == 3);
  CHECK(has(mixed.out, "the private key in " + other.string() + " belongs to another certificate"));
}

TEST_CASE("a real PostgreSQL is asked for TLS, and shows its certificate") {
  Scene scene;
  Pair const pair = scene.issue({.names = {"127.0.0.1"}});
  scene.publish_keys += "group = \"" + Postgres::account() + "\"\n";
  scene.offer(pair);
  REQUIRE(scene.command({"once", "-c", scene.config()}).exit_code == 0);
  auto const current = scene.publish / "current";
  Postgres const server({.certificate = current / "tls.crt", .key = current / "tls.key"});
  std::string const address = "127.0.0.1:" + std::to_string(server.port());
  Outcome const outcome = check(scene, address, {"--starttls", "postgres"});
  CHECK(outcome.exit_code == 0);
  CHECK(has(outcome.out, pair.fingerprint));
  CHECK(check(scene, address).exit_code == 3);
}

TEST_CASE("a mail server is asked for TLS, and one that refuses is told in its words") {
  Scene scene;
  Pair const pair = scene.issue({.names = {"127.0.0.1"}});
  TlsServer const server({.pairs = {pair}, .opening = consent_of("smtp")});
  CHECK(check(scene, server.address(), {"--starttls", "smtp"}).exit_code == 0);

  auto refusing = consent_of("smtp");
  refusing.back().says = "454 TLS not available\r\n";
  TlsServer const stubborn({.pairs = {pair}, .opening = refusing});
  Outcome const outcome = check(scene, stubborn.address(), {"--starttls", "smtp"});
  CHECK(outcome.exit_code == 3);
  CHECK(has(outcome.out, "no TLS with " + stubborn.address() +
                             ": the server refuses TLS: 454 TLS not available"));
}
