#include <doctest/doctest.h>

#include "support/port.hpp"
#include "support/scene.hpp"
#include "support/socket_server.hpp"

using namespace certpivot::testing;

namespace {

/// openssl-ocsp(1) as a responder that knows what its index holds, see openssl-ca(1).
class RealResponder {
 public:
  RealResponder(TempDirectory const& directory, Authority const& authority,
                std::string const& index)
      : program_({"/usr/bin/openssl", "ocsp", "-port", std::to_string(port_), "-index",
                  directory.write("index.txt", index).string(), "-CA",
                  directory.write("ocsp-ca.pem", authority.pem()).string(), "-rsigner",
                  directory.write("ocsp-signer.pem", authority.pem()).string(), "-rkey",
                  directory.write("ocsp-key.pem", authority.key_pem()).string()}) {
    program_.wait_for_output([](std::string const& output) {
      return output.find("waiting for OCSP client connections") != std::string::npos;
    });
  }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  void stop() {
    program_.send(SIGTERM);
    program_.wait();
  }

 private:
  int port_ = free_port();
  Program program_;
};

std::string valid(Pair const& pair) {
  return "V\t491231235959Z\t\t" + pair.serial + "\tunknown\t/CN=test leaf\n";
}
std::string revoked(Pair const& pair) {
  return "R\t491231235959Z\t260101000000Z,keyCompromise\t" + pair.serial +
         "\tunknown\t/CN=test leaf\n";
}

}  // namespace

TEST_CASE("a responder that hangs up at once is told, and does not end check") {
  Scene scene;
  scene.offer(scene.issue());
  SocketServer const responder([](int) {});
  std::string const keys =
      scene.trust_keys +
      "revocation = \"ocsp\"\nocsp_url = \"http://127.0.0.1:" + std::to_string(responder.port()) +
      "\"\n";
  // Whether it hangs up before or between two writes is chance.
  for (int i = 0; i < 10; ++i) {
    scene.trust_keys = keys;
    Outcome const outcome = scene.command({"check", "-c", scene.config()});
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.out.find("no OCSP answer about") != std::string::npos);
    scene.trust_keys = keys + "ocsp_mode = \"soft\"\n";
    CHECK(scene.command({"check", "-c", scene.config()}).exit_code == 0);
  }
}

TEST_CASE("a real responder decides: good goes, revoked does not, and silence as the mode has it") {
  Scene scene;
  Pair const good = scene.issue();
  Pair const bad = scene.issue();
  RealResponder responder(scene.directory, scene.authority, valid(good) + revoked(bad));
  std::string const keys = scene.trust_keys + "revocation = \"ocsp\"\nocsp_url = \"" +
                           responder.url() + "\"\nocsp_timeout = \"30s\"\n";
  scene.trust_keys = keys;
  scene.hooks = exec_hook({"/bin/true"});
  Daemon& daemon = scene.run();
  scene.offer(good);
  CHECK(daemon.ending_of(good.fingerprint).event == "committed");
  scene.offer(bad);
  LogLine const refused = daemon.ending_of(bad.fingerprint);
  CHECK(refused.reasons == "revoked");
  CHECK(refused.message.find("2026-01-01T00:00:00Z, key compromise") != std::string::npos);

  responder.stop();
  Pair const unasked = scene.issue();
  scene.offer(unasked);
  LogLine const failed = daemon.ending_of(unasked.fingerprint);
  CHECK(failed.reasons == "ocsp_failed");
  CHECK(failed.message.find(responder.url()) != std::string::npos);
  CHECK(scene.published() == good.fingerprint);

  scene.trust_keys = keys + "ocsp_mode = \"soft\"\n";
  Daemon& soft = scene.run();
  CHECK(soft.ending_of(unasked.fingerprint).event == "committed");
  soft.wait_for_text("no OCSP answer about");
}
