#include "plugins/http/http.hpp"

#include <doctest/doctest.h>

#include "crypto/hmac.hpp"
#include "loop/asio.hpp"
#include "support/holds.hpp"
#include "support/http_server.hpp"
#include "support/pki.hpp"
#include "support/run_task.hpp"
#include "support/temp_directory.hpp"
#include "support/tls_server.hpp"

using namespace certpivot;
using testing::holds;
using testing::http_answer;
using testing::HttpServer;
using testing::Pair;
using testing::run_task;
using testing::TempDirectory;
using testing::TlsServer;

namespace {

using Http = settings::Hook::Http;

/// A published generation, and hooks that tell of it.
struct Stage {
  TempDirectory directory = {};
  testing::Authority authority = testing::Authority();
  Pair pair = authority.issue({.common_name = "the published one"});
  event::Event event = {};
  Log log{LogLevel::error, LogFormat::text, false};

  Stage() {
    event.certificate = "web";
    event.generation = 3;
    event.paths = {directory.write("tls.crt", pair.certificate_pem),
                   directory.write("tls.key", pair.key_pem), ""};
  }
  std::unique_ptr<hook::Hook> hook(Http http, Duration timeout = std::chrono::seconds(10)) {
    settings::Hook settings;
    settings.type = "http";
    settings.timeout = timeout;
    settings.http = std::move(http);
    return plugins::make_http_hook(settings, {log, "web", testing::lasting_workers()});
  }
  /// Empty where it went well.
  std::string reload(Http http) {
    auto const made = hook(std::move(http));
    auto const answer = run_task(made->reload(event));
    return answer ? "" : answer.error().text();
  }
  std::string check(Http http, Duration timeout = std::chrono::seconds(10)) {
    auto const made = hook(std::move(http), timeout);
    auto const answer = run_task(made->check(event));
    return answer ? "" : answer.error().text();
  }
  std::string anchors_file() const { return directory.write("anchors.pem", authority.pem()); }
};

}  // namespace

TEST_CASE("a reload is one request with the event as JSON, and a 2xx is its success") {
  Stage stage;
  HttpServer const server(http_answer("202 Accepted"));
  CHECK(stage.reload({.url = server.url("/reload?now=1")}).empty());
  auto const requests = server.requests();
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].starts_with("POST /reload?now=1 HTTP/1.1\r\nHost: 127.0.0.1:"));
  CHECK(holds(requests[0], "\r\nContent-Type: application/json\r\n"));
  CHECK(requests[0].ends_with("\r\n\r\n" + event::to_json(stage.event)));
}

TEST_CASE("method, headers and body are the user's, at a socket too") {
  Stage stage;
  HttpServer const server(http_answer("200 OK"), stage.directory / "app.sock");
  CHECK(stage
            .reload({.url = "http://unix:" + (stage.directory / "app.sock").string() + ":/a",
                     .method = "PUT",
                     .headers = {{"content-type", "text/plain"}, {"X-Site", "one"}},
                     .body = "{{certificate}} {{generation}}"})
            .empty());
  auto const requests = server.requests();
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].starts_with("PUT /a HTTP/1.1\r\nHost: localhost\r\n"));
  CHECK(holds(requests[0], "text/plain\r\n"));
  CHECK_FALSE(holds(requests[0], "application/json"));
  CHECK(holds(requests[0], "\r\nX-Site: one\r\n"));
  CHECK(requests[0].ends_with("\r\n\r\nweb 3"));
}

TEST_CASE("GET and HEAD have no body unless one is given") {
  Stage stage;
  HttpServer const server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  CHECK(stage.reload({.url = server.url(), .method = "HEAD"}).empty());
  CHECK(holds(stage.reload({.url = server.url(), .method = "GET"}), "no whole HTTP answer"));
  CHECK(holds(stage.reload({.url = server.url(), .method = "GET", .body = "x"}), "no whole"));
  auto const requests = server.requests();
  REQUIRE(requests.size() == 3);
  for (std::size_t const bare : {0U, 1U}) {
    CHECK(requests[bare].ends_with("\r\n\r\n"));
    CHECK_FALSE(holds(requests[bare], "Content-"));
  }
  CHECK(requests[2].ends_with("\r\n\r\nx"));
}

TEST_CASE("a status that is not expected is a refusal in the server's words, without our secrets") {
  Stage stage;
  HttpServer const refusing(http_answer("503 Busy", "try later, Bearer s3cret-token\n"));
  Http http{.url = refusing.url("/reload?key=s3cret-query"),
            .headers = {{"Authorization", "Bearer s3cret-token"}, {"Accept", "try later"}}};
  std::string const where = refusing.url("/reload");
  CHECK(stage.reload(http) ==
        "the request was refused by " + where + ": status 503 Busy: try later, [...]");
  http.expect = {{200, 299}, {503, 503}};
  CHECK(stage.reload(http).empty());
  http.expect = {{200, 200}, {502, 502}, {504, 504}};
  CHECK_FALSE(stage.reload(http).empty());

  HttpServer const moved(http_answer("301 Moved", "", "Location: https://elsewhere/\r\n"));
  CHECK(holds(stage.reload({.url = moved.url()}),
              "status 301 Moved, which points to https://elsewhere/"));
  CHECK(moved.requests().size() == 1);
  CHECK(stage.reload({.url = moved.url(), .expect = {{300, 399}}}).empty());
}

TEST_CASE("with hmac_file the body is signed as GitHub signs it, and the key appears nowhere") {
  Stage stage;
  HttpServer const server(http_answer("403 No", "wrong signature"));
  auto const key = stage.directory.write("hmac", "It's a Secret to Everybody\n");
  auto const text = stage.reload({.url = server.url(), .body = "Hello, World!", .hmac_file = key});
  auto const requests = server.requests();
  REQUIRE(requests.size() == 1);
  CHECK(holds(requests[0],
              "\r\nX-Hub-Signature-256: "
              "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17\r\n"));
  CHECK_FALSE(holds(requests[0], "Secret"));
  CHECK_FALSE(holds(text, "Secret"));
  stage.directory.write("hmac", "open", 0644);
  CHECK(holds(stage.reload({.url = server.url(), .hmac_file = key}), "lets everybody in"));
  CHECK(holds(stage.check({.url = server.url(), .hmac_file = key}), "lets everybody in"));
}

TEST_CASE(
    "a server by TLS must have a name below the anchors, which are by default the published") {
  Stage stage;
  TlsServer const server({.pairs = {stage.authority.issue({.names = {"127.0.0.1"}})},
                          .answer = http_answer("200 OK")});
  std::string const url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
  CHECK(stage.reload({.url = url, .anchors = stage.anchors_file()}).empty());
  CHECK(holds(stage.reload({.url = url}), "is not to be trusted"));
  CHECK(holds(stage.reload({.url = url, .anchors = "system"}), "is not to be trusted"));
  stage.event.paths.ca = stage.directory.write("ca.crt", stage.authority.pem());
  CHECK(stage.reload({.url = url}).empty());
  CHECK(holds(stage.reload({.url = url, .anchors = (stage.directory / "none.pem").string()}),
              "cannot read the anchors"));
  CHECK(holds(stage.check({.url = url, .anchors = (stage.directory / "tls.key").string()}),
              "there is no certificate in it"));
  CHECK(holds(stage.reload({.url = "https://localhost:" + std::to_string(server.port()) + "/",
                            .anchors = stage.anchors_file()}),
              "is not to be trusted"));
}

TEST_CASE("with present the pair that was just published is offered") {
  Stage stage;
  TlsServer const server({.pairs = {stage.authority.issue({.names = {"127.0.0.1"}})},
                          .client_anchor_pem = stage.authority.pem(),
                          .answer = http_answer("200 OK")});
  Http http{.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/",
            .anchors = stage.anchors_file(),
            .present = true};
  CHECK(stage.reload(http).empty());
  CHECK(holds(server.wait_for(1).front().client, "the published one"));
  http.present = false;
  CHECK(holds(stage.reload(http), "the server sent the alert"));
  http.present = true;
  stage.directory.write("tls.key", stage.authority.issue().key_pem);
  auto const text = stage.reload(http);
  CHECK(holds(text, "cannot offer the pair"));
  CHECK_FALSE(holds(text, "BEGIN"));
}

TEST_CASE("the check connects and asks for nothing") {
  Stage stage;
  HttpServer const server(http_answer("200 OK"));
  CHECK(stage.check({.url = server.url()}).empty());
  auto const nobody = "http://127.0.0.1:" + std::to_string(testing::free_port());
  CHECK(holds(stage.check({.url = nobody}), "is the server running, and is this its port?"));
  auto const socket = "http://unix:" + (stage.directory / "none.sock").string();
  CHECK(holds(stage.check({.url = socket}), "is the server running, and is this its socket?"));
  CHECK(holds(stage.check({.url = "http://name.invalid/"}), "cannot find the address of"));
  CHECK(holds(stage.check({.url = ""}), "no URL"));
  for (auto const& request : server.requests()) CHECK(request.empty());
}

TEST_CASE("a server that never answers costs no more than the hook's time, and is told so") {
  Stage stage;
  testing::SocketServer const silent(testing::stay_silent);
  auto const hook = stage.hook({.url = "http://127.0.0.1:" + std::to_string(silent.port())},
                               std::chrono::milliseconds(100));
  auto const answer = run_task(hook->reload(stage.event));
  REQUIRE_FALSE(answer);
  CHECK(holds(answer.error().text(), "the answer did not come to its end"));
  CHECK(hook->name() == "http POST http://127.0.0.1:" + std::to_string(silent.port()) + "/");
}
