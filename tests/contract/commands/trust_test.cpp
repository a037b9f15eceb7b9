#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

TEST_CASE("what only strict checking finds is refused by its word, and trust.relax lifts it") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  scene.offer(scene.issue({.key_usage = "digitalSignature,keyCertSign"}));
  Outcome const refused = scene.command({"check", "-c", scene.config()});
  CHECK(refused.exit_code == 2);
  CHECK(refused.out.find("name cert_sign_of_no_authority in trust.relax") != std::string::npos);
  scene.trust_keys += "relax = [\"cert_sign_of_no_authority\"]\n";
  CHECK(scene.command({"once", "-c", scene.config()}).exit_code == 0);
}

TEST_CASE("a chain whose first way up is another root's goes live by its second") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  Authority const elsewhere({.common_name = "Elsewhere"});
  Authority const issuer = elsewhere.intermediate({.common_name = "Issuer"});
  Pair pair = issuer.issue();
  pair.certificate_pem += scene.authority.cross_sign(issuer).pem();
  scene.offer(pair);
  CHECK(scene.command({"once", "-c", scene.config()}).exit_code == 0);
  CHECK(scene.published() == pair.fingerprint);
}

TEST_CASE("a SPIFFE ID is asked for as the one URI of the leaf") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  scene.trust_keys += "names = [\"spiffe://example.org/web\"]\n";
  scene.offer(scene.issue({.names = {"spiffe://example.org/web", "spiffe://example.org/api"}}));
  Outcome const refused = scene.command({"check", "-c", scene.config()});
  CHECK(refused.exit_code == 2);
  CHECK(refused.out.find("has more URIs than spiffe://example.org/web") != std::string::npos);
  scene.offer(scene.issue({.names = {"web.internal", "spiffe://example.org/web"}}));
  CHECK(scene.command({"once", "-c", scene.config()}).exit_code == 0);
}

TEST_CASE("a name that no certificate can hold is a complaint of the configuration") {
  Scene scene;
  scene.trust_keys +=
      "names = [\"b\xc3\xbc"
      "cher.example\"]\n";
  Outcome const outcome = scene.command({"check", "-c", scene.config()});
  CHECK(outcome.exit_code == 78);
  CHECK(outcome.err.find("A-label (xn--...") != std::string::npos);
}
