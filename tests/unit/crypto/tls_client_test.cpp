#include "crypto/tls_client.hpp"

#include <filesystem>
#include <fstream>
#include <sys/socket.h>

#include <doctest/doctest.h>

#include "loop/asio.hpp"
#include "support/pki.hpp"
#include "support/run_task.hpp"
#include "support/temp_directory.hpp"
#include "support/tls_server.hpp"

using namespace certpivot;
using namespace certpivot::testing;
using crypto::HandshakeRequest;
using crypto::Served;

namespace {

HandshakeRequest request_to(int port) {
  HandshakeRequest request;
  request.address.host = "127.0.0.1";
  request.address.port = std::to_string(port);
  request.server_name = "web.internal";
  return request;
}

Result<Served> shake_hands(HandshakeRequest const& request) {
  return run_task(crypto::handshake(request));
}

crypto::ClientPair client_pair(Pair const& pair) {
  return {pair.certificate_pem, Secret::copy_of(pair.key_pem)};
}

std::size_t open_descriptors() {
  std::filesystem::directory_iterator const all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

}  // namespace

TEST_CASE("a handshake shows the leaf that the server serves, whoever issued it") {
  Pair const pair = self_signed({.names = {"web.internal"}});
  TlsServer const server({.pairs = {pair}});
  auto const served = shake_hands(request_to(server.port()));
  REQUIRE(served);
  CHECK(served->leaf.fingerprint == pair.fingerprint);
  CHECK(served->leaf.serial == pair.serial);
  CHECK(served->leaf.names == std::vector<std::string>{"web.internal"});
}

TEST_CASE("each handshake is a full one on a new connection, and ends with a goodbye") {
  // Tickets that nobody reads would reset the connection before the goodbye is seen.
  TlsServer const server({.pairs = {self_signed()}, .tickets = 0});
  for (int turn = 0; turn < 3; ++turn) REQUIRE(shake_hands(request_to(server.port())));
  for (SeenConnection const& connection : server.wait_for(3)) {
    CHECK(connection.accepted);
    CHECK_FALSE(connection.resumed);
    CHECK(connection.closed_politely);
    CHECK(connection.server_name == "web.internal");
  }
}

TEST_CASE("TLS 1.2 is spoken where the server has no better") {
  Pair const pair = self_signed();
  TlsServer const server({.pairs = {pair}, .only_tls12 = true});
  auto const served = shake_hands(request_to(server.port()));
  REQUIRE(served);
  CHECK(served->leaf.fingerprint == pair.fingerprint);
}

TEST_CASE("a leaf too weak to be trusted is shown all the same") {
  Pair const pair = self_signed({.key = rsa(1024)});
  TlsServer const server({.pairs = {pair}});
  auto const served = shake_hands(request_to(server.port()));
  REQUIRE(served);
  CHECK(served->leaf.fingerprint == pair.fingerprint);
}

TEST_CASE("an address is never sent as the server name") {
  TlsServer const server({.pairs = {self_signed()}});
  HandshakeRequest request = request_to(server.port());
  request.server_name = "127.0.0.1";
  REQUIRE(shake_hands(request));
  request.server_name = "";
  REQUIRE(shake_hands(request));
  for (SeenConnection const& connection : server.wait_for(2)) CHECK(connection.server_name.empty());
}

TEST_CASE("IPv6 addresses and names are reached too") {
  Pair const pair = self_signed();
  TlsServer const v6({.pairs = {pair}, .address = "::1"});
  HandshakeRequest request = request_to(v6.port());
  request.address.host = "::1";
  CHECK(shake_hands(request));
  TlsServer const v4({.pairs = {pair}});
  request = request_to(v4.port());
  request.address.host = "localhost";
  if (std::ifstream("/etc/hosts").good())
    CHECK(shake_hands(request));
  else
    MESSAGE("a root without /etc/hosts does not know localhost: not tried");
}

TEST_CASE("a socket in the file system is reached, and one that nobody has made is told") {
  TempDirectory const directory;
  Pair const pair = self_signed();
  TlsServer const server({.pairs = {pair}, .address = directory / "web.sock"});
  HandshakeRequest request;
  request.address.path = directory / "web.sock";
  auto const served = shake_hands(request);
  REQUIRE(served);
  CHECK(served->leaf.fingerprint == pair.fingerprint);
  request.address.path = directory / "other.sock";
  CHECK(shake_hands(request).error().text() ==
        "cannot connect to unix:" + request.address.path +
            ": No such file or directory; is the server running, and is this its socket?");
  request.address.path = "/" + std::string(200, 'a');
  CHECK(shake_hands(request).error().why == "the path is longer than a socket's can be");
}

TEST_CASE("a server that wants a certificate which we do not have has served its own") {
  Authority const authority;
  Pair const pair = authority.issue();
  for (bool const only_tls12 : {false, true}) {
    CAPTURE(only_tls12);
    TlsServer const server(
        {.pairs = {pair}, .client_anchor_pem = authority.pem(), .only_tls12 = only_tls12});
    auto const served = shake_hands(request_to(server.port()));
    REQUIRE(served);
    CHECK(served->leaf.fingerprint == pair.fingerprint);
  }
}

TEST_CASE("the pair is offered to a server that asks, and taken") {
  Authority const authority;
  Pair const pair = authority.intermediate().issue();
  auto const offered = client_pair(pair);
  for (bool const only_tls12 : {false, true}) {
    for (int const tickets : {0, 2}) {
      CAPTURE(only_tls12);
      CAPTURE(tickets);
      TlsServer const server({.pairs = {pair},
                              .client_anchor_pem = authority.pem(),
                              .only_tls12 = only_tls12,
                              .tickets = tickets});
      HandshakeRequest request = request_to(server.port());
      request.pair = &offered;
      REQUIRE(shake_hands(request));
      CHECK(server.wait_for(1).front().accepted);
    }
  }
}

TEST_CASE("a pair that the server refuses is a failure, under TLS 1.3 as well") {
  Authority const trusted;
  Authority const stranger;
  auto const offered = client_pair(stranger.issue());
  for (bool const only_tls12 : {false, true}) {
    CAPTURE(only_tls12);
    TlsServer const server(
        {.pairs = {trusted.issue()}, .client_anchor_pem = trusted.pem(), .only_tls12 = only_tls12});
    HandshakeRequest request = request_to(server.port());
    request.pair = &offered;
    auto const served = shake_hands(request);
    REQUIRE_FALSE(served);
    CHECK(served.error().what == "the certificate offered was refused by");
    CHECK(served.error().why == "the server sent the alert \"unknown CA\"");
  }
}

TEST_CASE("a pair that does not fit together is refused before anything is sent") {
  crypto::ClientPair const mixed{self_signed().certificate_pem,
                                 Secret::copy_of(self_signed().key_pem)};
  TlsServer const server({.pairs = {self_signed()}});
  HandshakeRequest request = request_to(server.port());
  request.pair = &mixed;
  auto const served = shake_hands(request);
  REQUIRE_FALSE(served);
  CHECK(served.error().text().find("key values mismatch") != std::string::npos);
  CHECK(server.seen().empty());
}

TEST_CASE("the chain is shown as the server sends it, with the version of TLS") {
  Authority const root;
  Authority const intermediate = root.intermediate();
  Pair pair = intermediate.issue();
  pair.certificate_pem += root.pem();
  for (bool const only_tls12 : {false, true}) {
    TlsServer const server({.pairs = {pair}, .only_tls12 = only_tls12});
    auto const served = shake_hands(request_to(server.port()));
    REQUIRE(served);
    std::string sent;
    for (auto const& certificate : served->chain) sent += certificate.pem();
    CHECK(sent == pair.certificate_pem);
    CHECK(served->protocol == (only_tls12 ? "TLSv1.2" : "TLSv1.3"));
  }
}

TEST_CASE("TLS is asked for in plain text where the protocol has it so") {
  Pair const pair = self_signed();
  for (std::string const word : {"postgres", "smtp", "imap", "ldap", "mysql"}) {
    CAPTURE(word);
    TlsServer const server({.pairs = {pair}, .opening = consent_of(word)});
    HandshakeRequest request = request_to(server.port());
    request.starttls = crypto::starttls_of(word).value();
    auto const served = shake_hands(request);
    REQUIRE(served);
    CHECK(served->leaf.fingerprint == pair.fingerprint);
  }
}

TEST_CASE("a server that refuses STARTTLS, or never answers, is told as such") {
  HandshakeRequest request;
  {
    SocketServer const server([](int connection) {
      speak(connection, {{consent_of("postgres").front().hears, "N"}});
      stay_silent(connection);
    });
    request = request_to(server.port());
    request.starttls = crypto::Starttls::postgres;
    auto const served = shake_hands(request);
    REQUIRE_FALSE(served);
    CHECK(served.error().what == "no TLS with");
    CHECK(served.error().why == "the server refuses TLS: it has none, see its setting ssl");
  }
  SocketServer const silent(stay_silent);
  request.address.port = std::to_string(silent.port());
  request.timeout = std::chrono::milliseconds(50);
  auto const served = shake_hands(request);
  REQUIRE_FALSE(served);
  CHECK(served.error().why == "the server did not agree to TLS");
}

TEST_CASE("a port where nobody listens is said to refuse the connection") {
  int const port = free_port();
  auto const served = shake_hands(request_to(port));
  REQUIRE_FALSE(served);
  CHECK(served.error().text() == "cannot connect to 127.0.0.1:" + std::to_string(port) +
                                     ": Connection refused; is the server running, and is this its "
                                     "port?");
}

TEST_CASE("a server that answers in plain HTTP is said not to speak TLS") {
  SocketServer const server([](int connection) {
    std::string_view const answer = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
    ::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
    stay_silent(connection);
  });
  auto const served = shake_hands(request_to(server.port()));
  REQUIRE_FALSE(served);
  CHECK(served.error().why == "what answers there does not speak TLS");
}

TEST_CASE("a server that closes at once is said to have closed the connection") {
  SocketServer const server([](int connection) {
    char buffer[4096];
    CHECK(::recv(connection, buffer, sizeof buffer, 0) > 0);
  });
  auto const served = shake_hands(request_to(server.port()));
  REQUIRE_FALSE(served);
  CHECK(served.error().why == "the server closed the connection");
}

TEST_CASE("an alert is told in words") {
  SocketServer const server([](int connection) {
    std::string_view const handshake_failure("\x15\x03\x03\x00\x02\x02\x28", 7);
    ::send(connection, handshake_failure.data(), handshake_failure.size(), MSG_NOSIGNAL);
    stay_silent(connection);
  });
  auto const served = shake_hands(request_to(server.port()));
  REQUIRE_FALSE(served);
  CHECK(served.error().what == "no TLS handshake with");
  CHECK(served.error().why == "the server sent the alert \"handshake failure\"");
}

TEST_CASE("a server that never answers is given up after the time limit, and nothing stays open") {
  (void)shake_hands(request_to(1));  // the loop opens what it keeps
  SocketServer const server(stay_silent);
  std::size_t const before = open_descriptors();
  HandshakeRequest request = request_to(server.port());
  request.timeout = std::chrono::milliseconds(50);
  auto const served = shake_hands(request);
  REQUIRE_FALSE(served);
  CHECK(served.error().text() ==
        "no answer in 50ms from 127.0.0.1:" + std::to_string(server.port()) +
            ": the TLS handshake did not end");
  // The server's end of the connection closes on its own thread, a moment later.
  auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (open_descriptors() > before && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("a name that does not exist is told by that name") {
  HandshakeRequest request = request_to(443);
  request.address.host = "nobody.invalid";
  auto const served = shake_hands(request);
  REQUIRE_FALSE(served);
  CHECK(served.error().where == "nobody.invalid:443");
}
