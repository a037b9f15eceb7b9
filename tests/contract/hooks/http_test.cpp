#include <doctest/doctest.h>

#include "support/nginx.hpp"
#include "support/recipe.hpp"
#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

std::string log_of(Scene const& scene) { return (scene.directory / "access.log").string(); }

/// An nginx that takes what is published as client certificate, and answers for a reload endpoint.
NginxOptions endpoint(Scene const& scene, std::string const& answer) {
  return {.publish = scene.publish,
          .client_certificates = true,
          .more = "    access_log " + log_of(scene) +
                  " combined;\n    location = /reload { return " + answer + "; }\n"};
}

std::string http_hook(Scene const& scene, Nginx const& nginx, std::string const& more) {
  return "[[certificate.hook]]\ntype = \"http\"\nurl = \"https://127.0.0.1:" +
         std::to_string(nginx.port()) + "/reload?token=s3cret-query\"\nanchors = \"" +
         (scene.directory / "anchors.pem").string() + "\"\nretries = 0\n" + more;
}

Pair issue(Scene& scene) { return scene.issue({.names = {"web.internal", "127.0.0.1"}}); }

}  // namespace

TEST_CASE("an http hook reaches a real server by mTLS with the pair that was just published") {
  Scene scene;
  scene.publish_first(issue(scene));
  Nginx const nginx(endpoint(scene, "204"));
  scene.hooks = http_hook(scene, nginx,
                          "method = \"PUT\"\npresent = true\nexpect = [204]\n"
                          "body = '{\"generation\": {{generation}}}'\n");
  Daemon& daemon = scene.run();
  for (int turn = 0; turn < 3; ++turn) {
    Pair const next = issue(scene);
    scene.offer(next);
    LogLine const line = daemon.ending_of(next.fingerprint);
    CHECK_MESSAGE(line.event == "committed", line.message);
  }
  std::string const log = read_file(log_of(scene));
  std::size_t count = 0;
  for (std::size_t at = 0;
       (at = log.find("\"PUT /reload?token=s3cret-query HTTP/1.1\" 204", at)) != std::string::npos;
       ++at)
    ++count;
  // Once more for the generation that was in force as the daemon started.
  CHECK_MESSAGE(count == 4, log);
}

TEST_CASE("the recipe for an HTTP endpoint works as written, by mTLS and with a signature") {
  Scene scene;
  Pair const first = issue(scene);
  scene.publish_first(first);
  // By a path with a variable in it nginx reads its pair at each handshake, so it needs no reload.
  Nginx const nginx({.publish = "$published",
                     .more = "    access_log " + log_of(scene) +
                             " signed;\n    ssl_verify_client on;\n" +
                             "    ssl_client_certificate " + (scene.publish / "ca.crt").string() +
                             ";\n" + "    location = /-/reload { return 204; }\n",
                     .http = "  log_format signed '$request $status $http_x_hub_signature_256';\n" +
                             std::string("  map $ssl_server_name $published { default ") +
                             scene.publish.string() + "; }\n"});
  std::string text = recipe("http-endpoint.toml");
  put(text, "/mnt/certs/app", scene.source);
  put(text, "/run/certs/app", scene.publish);
  put(text, "/etc/pki/internal-ca.pem", scene.directory / "anchors.pem");
  put(text, "/etc/certpivot/hmac", scene.directory.write("hmac", "s3cret\n"));
  put(text, "names = [\"app.internal\"]", "names = [\"web.internal\"]");
  put(text, "app.internal:8443", "127.0.0.1:" + std::to_string(nginx.port()));
  put(text, "app.internal:443", "127.0.0.1:" + std::to_string(nginx.port()));
  put(text, "\"app.internal\"", "\"web.internal\"");
  Daemon daemon(scene.directory.write("http.toml", "[agent]\nstate = \"" +
                                                       (scene.directory / "state").string() +
                                                       "\"\nlog = { format = \"json\" }\n" + text));
  Pair const second = issue(scene);
  scene.offer(second);
  LogLine const line = daemon.ending_of(second.fingerprint);
  CHECK_MESSAGE(line.event == "committed", line.message);
  CHECK(daemon.stop() == 0);
  std::string const log = read_file(log_of(scene));
  CHECK_MESSAGE(log.find("POST /-/reload HTTP/1.1 204 sha256=") != std::string::npos, log);
}

TEST_CASE("an endpoint that refuses brings the old pair back, with its words and without secrets") {
  Scene scene;
  Pair const first = issue(scene);
  scene.publish_first(first);
  Nginx const nginx(endpoint(scene, "503 \"not now\\nBearer s3cret-token\""));
  scene.hooks = http_hook(
      scene, nginx, "present = true\nheaders = { Authorization = \"Bearer s3cret-token\" }\n");
  Daemon& daemon = scene.run();
  Pair const second = issue(scene);
  scene.offer(second);
  LogLine const line = daemon.ending_of(second.fingerprint);
  CHECK(line.event == "rolled_back");
  CHECK_MESSAGE(line.message.find("status 503 Service Temporarily Unavailable: not now [...]") !=
                    std::string::npos,
                line.message);
  CHECK(scene.published() == first.fingerprint);
  CHECK(scene.stop() == 0);
  CHECK(read_file(log_of(scene)).find("POST /reload") != std::string::npos);
}

TEST_CASE("an endpoint that is not there is told before anything is published, and by check") {
  Scene scene;
  Pair const first = issue(scene);
  scene.publish_first(first);
  std::string hook;
  {
    Nginx const nginx(endpoint(scene, "204"));
    hook = http_hook(scene, nginx, "");
  }
  scene.hooks = hook;
  Daemon& daemon = scene.run();
  Pair const second = issue(scene);
  scene.offer(second);
  LogLine const line = daemon.ending_of(second.fingerprint);
  CHECK(line.event == "failed");
  CHECK_MESSAGE(line.message.find("is the server running") != std::string::npos, line.message);
  CHECK(line.message.find("s3cret") == std::string::npos);
  CHECK(scene.published() == first.fingerprint);
  scene.stop();
  Outcome const checked = scene.command({"check", "-c", scene.config()});
  CHECK(checked.exit_code == 2);
  CHECK_MESSAGE(checked.out.find("is the server running") != std::string::npos, checked.out);
}
