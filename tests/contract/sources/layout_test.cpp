#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

/// What a writer makes of a pair: its files, by the names that it gives them.
struct Writer {
  std::string name = {};  ///< of the certificate, and of its directory
  std::string certificate = {};
  std::string key = {};
  std::string bundle = {};
  std::string ca = {};
};

std::vector<Writer> const writers{
    {"secret", "tls.crt", "tls.key", {}, "ca.crt"},
    {"combined", {}, {}, "tls-combined.pem", "ca.crt"},
    {"certbot", "fullchain.pem", "privkey.pem", {}, {}},
    {"spiffe-helper", "svid.pem", "svid_key.pem", {}, "svid_bundle.pem"},
    {"vault", "certificate", "private_key", {}, "issuing_ca"},
    {"vault-pem", "certificate.pem", "private_key.pem", {}, "ca_chain.pem"},
    {"vault-crt", "certificate.crt", "private_key.key", {}, "issuing_ca.crt"},
    {"pod", {}, {}, "credentialbundle.pem", {}},
    {"pod-credentials", {}, {}, "credentials.pem", {}},
    {"web.internal", "web.internal.pem", "web.internal-key.pem", {}, {}},
};

void write(Scene const& scene, Writer const& writer, Pair const& pair) {
  auto const directory = scene.directory.make("in/" + writer.name);
  if (!writer.ca.empty()) rename_over(directory / writer.ca, scene.authority.pem());
  if (!writer.bundle.empty())
    return rename_over(directory / writer.bundle, pair.key_pem + pair.certificate_pem);
  rename_over(directory / writer.certificate, pair.certificate_pem);
  rename_over(directory / writer.key, pair.key_pem);
}

std::string table_of(Scene const& scene, Writer const& writer) {
  return "[[certificate]]\nname = \"" + writer.name + "\"\n[certificate.source]\ndirectory = \"" +
         (scene.directory / "in" / writer.name).string() +
         "\"\ngrace = \"60s\"\npoll = \"1h\"\n[certificate.trust]\n" + scene.trust_keys +
         "[certificate.publish]\ndirectory = \"" +
         (scene.directory / "out" / writer.name).string() + "\"\n";
}

}  // namespace

TEST_CASE(
    "each layout is waited for, found and rotated with nothing but its directory configured") {
  Scene scene;
  for (Writer const& writer : writers) {
    scene.directory.make("in/" + writer.name);
    scene.more += table_of(scene, writer);
  }
  Daemon& daemon = scene.run();
  daemon.wait_until_settled();
  for (int turn = 0; turn < 2; ++turn) {
    for (Writer const& writer : writers) {
      CAPTURE(writer.name);
      Pair const pair = scene.issue();
      write(scene, writer, pair);
      CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
      auto const published = scene.directory / "out" / writer.name / "current";
      CHECK(read_file(published / "tls.crt") == pair.certificate_pem);
      CHECK(read_file(published / "tls.key") == pair.key_pem);
      CHECK(std::filesystem::exists(published / "ca.crt") == !writer.ca.empty());
    }
  }
  CHECK(daemon.all("refused").empty());
}

TEST_CASE("a hook is told the files that were found, where the server reads the source itself") {
  Scene scene;
  auto const seen = scene.directory / "seen";
  scene.hooks = exec_hook({"/bin/true"});
  scene.more = "[[certificate]]\nname = \"own\"\nsource = { directory = \"" +
               (scene.directory / "in/certbot").string() + "\" }\n[certificate.trust]\n" +
               scene.trust_keys +
               exec_hook({"/bin/sh", "-c",
                          "echo $CERTPIVOT_CERTIFICATE_FILE $CERTPIVOT_KEY_FILE "
                          "$CERTPIVOT_CA_FILE > " +
                              seen.string()});
  Pair const pair = scene.issue();
  write(scene, writers[2], pair);
  Daemon& daemon = scene.run();
  CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
  auto const directory = (scene.directory / "in/certbot").string();
  CHECK(read_file(seen) == directory + "/fullchain.pem " + directory + "/privkey.pem\n");
}

TEST_CASE("what is missing of a layout that was begun is named") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  Pair const pair = scene.issue();
  rename_over(scene.source / "svid.pem", pair.certificate_pem);
  Daemon& daemon = scene.run();
  LogLine const refused = daemon.next("refused");
  CHECK(refused.message.find("svid_key.pem") != std::string::npos);
  rename_over(scene.source / "svid_key.pem", pair.key_pem);
  CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
}
