#include <doctest/doctest.h>

#include "support/scene.hpp"
#include "support/sealed.hpp"

using namespace certpivot::testing;

namespace {

// The source's table with these keys besides the directory.
std::string source_of(Scene const& scene, std::string const& keys) {
  return "directory = \"" + scene.source.string() + "\"\ngrace = \"200ms\"\n" + keys;
}

std::string under_passphrase(std::filesystem::path const& file) {
  return "passphrase_file = \"" + file.string() + "\"\n";
}

std::string published_key(Scene const& scene) {
  return read_file(scene.publish / "current" / "tls.key");
}

}  // namespace

TEST_CASE("a PKCS#12 under a passphrase rotates, and is published as PEM") {
  Scene scene;
  scene.source_keys = source_of(
      scene, "bundle = \"keystore.p12\"\n" + under_passphrase(scene.directory / "passphrase"));
  scene.hooks = exec_hook({"/bin/true"});
  write_file(scene.directory / "passphrase", "secret\n");
  Daemon& daemon = scene.run();
  for (Scheme const scheme : {Scheme::pbes2, Scheme::pbes1_3des, Scheme::pbes2}) {
    Pair const pair = scene.issue();
    rename_over(scene.source / "keystore.p12",
                pkcs12({.keys = {pair.key_pem},
                        .certificates = pair.certificate_pem,
                        .sealing = {.passphrase = "secret", .scheme = scheme}}));
    CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
    CHECK(scene.published() == pair.fingerprint);
    CHECK(published_key(scene) == pair.key_pem);
  }
  // What is in force is known again, though it stands in the source in another form.
  unsigned const before = scene.generation();
  CHECK(scene.stop() == 0);
  Daemon& again = scene.run();
  Pair const next = scene.issue();
  rename_over(scene.source / "keystore.p12", pkcs12({.keys = {next.key_pem},
                                                     .certificates = next.certificate_pem,
                                                     .sealing = {.passphrase = "secret"}}));
  CHECK(again.ending_of(next.fingerprint).event == "committed");
  CHECK(scene.generation() == before + 1);
}

TEST_CASE("a certificate and a key in DER rotate, and are published as PEM") {
  Scene scene;
  scene.source_keys =
      source_of(scene, "certificate = \"tls.der\"\nkey = \"key.der\"\nca = \"ca.der\"\n");
  scene.hooks = exec_hook({"/bin/true"});
  Daemon& daemon = scene.run();
  for (int turn = 0; turn < 2; ++turn) {
    Pair const pair = scene.issue();
    rename_over(scene.source / "ca.der", der_of(scene.authority.pem()));
    rename_over(scene.source / "key.der", der_of(pair.key_pem));
    rename_over(scene.source / "tls.der", der_of(pair.leaf_pem));
    CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
    CHECK(scene.published() == pair.fingerprint);
    CHECK(published_key(scene) == pair.key_pem);
    CHECK(read_file(scene.publish / "current" / "ca.crt") == scene.authority.pem());
  }
}

TEST_CASE("an encrypted key is refused under the wrong passphrase, and taken once it is right") {
  Scene scene;
  auto const passphrase = scene.directory / "passphrase";
  scene.source_keys = source_of(scene, under_passphrase(passphrase));
  scene.hooks = exec_hook({"/bin/true"});
  write_file(passphrase, "guess\n");
  Pair const pair = scene.issue();
  auto contents = scene.contents(pair);
  contents["tls.key"] = encrypted_key(pair.key_pem, "secret");
  for (auto const& [name, text] : contents) rename_over(scene.source / name, text);
  Daemon& daemon = scene.run();
  LogLine const line = daemon.next("refused");
  CHECK(line.reasons.find("wrong_passphrase") != std::string::npos);
  CHECK(line.message.find(passphrase.string()) != std::string::npos);
  CHECK(line.message.find("guess") == std::string::npos);
  CHECK(scene.generation() == 0);

  rewrite_in_place(passphrase, "secret\n");
  CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
  CHECK(published_key(scene) == pair.key_pem);
}
