#include "crypto/exchange.hpp"

#include <sys/socket.h>

#include <doctest/doctest.h>

#include "crypto/dial.hpp"
#include "loop/asio.hpp"
#include "support/holds.hpp"
#include "support/http_server.hpp"
#include "support/pki.hpp"
#include "support/run_task.hpp"
#include "support/temp_directory.hpp"
#include "support/tls_server.hpp"

using namespace certpivot;
using namespace certpivot::testing;

namespace {

constexpr auto question = "GET / HTTP/1.1\r\n\r\n";
constexpr auto answer = "HTTP/1.1 200 OK\r\n\r\nserved";

crypto::Exchange exchange_with(int port) {
  crypto::Exchange exchange;
  exchange.address = {"127.0.0.1", std::to_string(port), ""};
  exchange.question = question;
  exchange.limit = std::chrono::seconds(10);
  return exchange;
}

/// The answer, or the failure's sentence.
std::string outcome_of(crypto::Exchange exchange) {
  std::string heard;
  exchange.hear = [&heard](std::string_view piece) {
    heard += piece;
    return true;
  };
  auto const done = run_task(crypto::converse(std::move(exchange)));
  return done ? heard : done.error().text();
}

std::shared_ptr<crypto::Anchors const> anchors_of(Authority const& authority) {
  return *crypto::Anchors::from_bundle(authority.pem());
}

struct Stage {
  Authority authority = Authority();
  std::shared_ptr<crypto::Anchors const> anchors = anchors_of(authority);

  std::string ask(TlsServer const& server, crypto::TlsOptions const& tls) const {
    auto exchange = exchange_with(server.port());
    exchange.tls = &tls;
    return outcome_of(std::move(exchange));
  }
};

}  // namespace

TEST_CASE("a question in plain text gets its answer, at a port and at a socket") {
  HttpServer const server(answer);
  CHECK(outcome_of(exchange_with(server.port())) == answer);
  TempDirectory const directory;
  HttpServer const local(answer, directory / "app.sock");
  crypto::Exchange exchange = exchange_with(0);
  exchange.address = {"", "", directory / "app.sock"};
  CHECK(outcome_of(exchange) == answer);
  CHECK(local.requests() == std::vector<std::string>{question});
}

TEST_CASE("a server proves by name or by address, and by chain, that it is who was asked") {
  Stage const stage;
  TlsServer const server(
      {.pairs = {stage.authority.intermediate().issue({.names = {"web.internal", "127.0.0.1"}})},
       .answer = answer});
  for (std::string const name : {"web.internal", "127.0.0.1"})
    CHECK(stage.ask(server, {name, nullptr, stage.anchors.get()}) == answer);
  for (std::string const name : {"other.internal", "127.0.0.2", "internal"})
    CHECK(holds(stage.ask(server, {name, nullptr, stage.anchors.get()}), "is not to be trusted: "));
  CHECK(holds(stage.ask(server, {"", nullptr, stage.anchors.get()}),
              "cannot ask for the server name"));
  auto const others = anchors_of(Authority());
  CHECK(holds(stage.ask(server, {"web.internal", nullptr, others.get()}),
              "its certificate, for \"CN=test leaf\", is not to be trusted: unable to get local"));
}

TEST_CASE("an expired or weak certificate is no proof, though a look without anchors takes it") {
  Stage const stage;
  auto const now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  TlsServer const expired(
      {.pairs = {stage.authority.issue({.not_after = now - std::chrono::minutes(1)})},
       .answer = answer});
  CHECK(holds(stage.ask(expired, {"web.internal", nullptr, stage.anchors.get()}), "expired"));
  CHECK(stage.ask(expired, {"web.internal"}) == answer);
  TlsServer const weak({.pairs = {stage.authority.issue({.key = rsa(1024)})}, .answer = answer});
  CHECK(
      holds(stage.ask(weak, {"web.internal", nullptr, stage.anchors.get()}), "not to be trusted"));
  CHECK(stage.ask(weak, {"web.internal"}) == answer);
}

TEST_CASE("a common name is no name, and a wildcard stands for one label") {
  Stage const stage;
  TlsServer const common(
      {.pairs = {stage.authority.issue({.common_name = "web.internal", .names = {}})},
       .answer = answer});
  CHECK(holds(stage.ask(common, {"web.internal", nullptr, stage.anchors.get()}), "mismatch"));
  TlsServer const wild(
      {.pairs = {stage.authority.issue({.names = {"*.web.internal"}})}, .answer = answer});
  CHECK(stage.ask(wild, {"a.web.internal", nullptr, stage.anchors.get()}) == answer);
  CHECK(holds(stage.ask(wild, {"a.b.web.internal", nullptr, stage.anchors.get()}), "mismatch"));
}

TEST_CASE("a pair is offered where the server asks, and one that it refuses is a failure") {
  Stage const stage;
  Pair const ours = stage.authority.issue({.common_name = "certpivot"});
  Pair const strange = Authority().issue();
  for (bool const only_tls12 : {false, true}) {
    TlsServer const server({.pairs = {stage.authority.issue()},
                            .client_anchor_pem = stage.authority.pem(),
                            .only_tls12 = only_tls12,
                            .answer = answer});
    auto const asked = [&](Pair const* pair) {
      crypto::ClientPair client;
      if (pair != nullptr) client = {pair->certificate_pem, Secret::copy_of(pair->key_pem)};
      return stage.ask(server,
                       {"web.internal", pair == nullptr ? nullptr : &client, stage.anchors.get()});
    };
    CHECK(asked(&ours) == answer);
    CHECK(holds(server.wait_for(1).front().client, "certpivot"));
    CHECK(holds(asked(&strange), "the server sent the alert"));
    CHECK(holds(asked(nullptr), "the server sent the alert"));
  }
}

TEST_CASE("an answer that nobody wants more of is left there") {
  HttpServer const server(std::string(std::size_t{1} << 20U, 'x'));
  std::size_t heard = 0;
  auto exchange = exchange_with(server.port());
  exchange.hear = [&heard](std::string_view piece) {
    heard += piece.size();
    return false;
  };
  CHECK(run_task(crypto::converse(std::move(exchange))));
  CHECK(heard > 0);
  CHECK(heard <= 16384);
}

TEST_CASE("silence costs no more than the limit, and the failure says how far it came") {
  SocketServer const silent(stay_silent);
  auto exchange = exchange_with(silent.port());
  exchange.limit = std::chrono::milliseconds(50);
  std::string const address = "127.0.0.1:" + std::to_string(silent.port());
  CHECK(outcome_of(exchange) ==
        "no answer in 50ms from " + address + ": the answer did not come to its end");
  crypto::TlsOptions const tls{"web.internal"};
  exchange.tls = &tls;
  CHECK(outcome_of(exchange) ==
        "no answer in 50ms from " + address + ": the TLS handshake did not end");
}

TEST_CASE("what answers without TLS, or hangs up, is told") {
  SocketServer const talker([](int connection) {
    (void)::send(connection, answer, std::string_view(answer).size(), MSG_NOSIGNAL);
    stay_silent(connection);
  });
  SocketServer const rude([](int connection) {
    char hello[4096];
    (void)::recv(connection, hello, sizeof hello, 0);
  });
  crypto::TlsOptions const tls{"web.internal"};
  auto exchange = exchange_with(talker.port());
  exchange.tls = &tls;
  CHECK(holds(outcome_of(exchange), "does not speak TLS"));
  exchange.address.port = std::to_string(rude.port());
  CHECK(holds(outcome_of(exchange), "the server closed the connection"));
}

TEST_CASE("reach() says whether somebody listens, without a word to them") {
  HttpServer const server(answer);
  auto const limit = std::chrono::seconds(10);
  CHECK(run_task(crypto::reach({"127.0.0.1", std::to_string(server.port()), ""}, limit)));
  auto const refused =
      run_task(crypto::reach({"127.0.0.1", std::to_string(free_port()), ""}, limit));
  REQUIRE_FALSE(refused);
  CHECK(holds(refused.error().text(), "is the server running"));
}
