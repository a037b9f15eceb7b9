#include "crypto/http_post.hpp"

#include <chrono>
#include <sys/socket.h>

#include <doctest/doctest.h>

#include "support/holds.hpp"
#include "support/ocsp_responder.hpp"

using namespace certpivot;
using namespace certpivot::testing;

namespace {

constexpr std::size_t largest = 4096;
// The least DER value that there is.
std::string const null_value("\x05\x00", 2);
std::string const sequence("\x30\x03\x02\x01\x2a", 5);

/// What comes of asking a server that deals with the connection in this way; its error in words.
struct Asked {
  std::string body = {};
  std::string failure = {};
  std::chrono::steady_clock::duration took = {};
};
Asked ask(std::string const& url, Duration limit) {
  auto const begin = std::chrono::steady_clock::now();
  auto const answer = crypto::post({url, "application/ocsp-request", "question", limit, largest});
  Asked asked{.took = std::chrono::steady_clock::now() - begin};
  if (answer) asked.body = *answer;
  if (!answer) asked.failure = answer.error().text();
  return asked;
}
Asked ask(std::function<void(int)> behave, Duration limit = std::chrono::seconds(30)) {
  SocketServer const server(std::move(behave));
  return ask("http://127.0.0.1:" + std::to_string(server.port()) + "/path", limit);
}

}  // namespace

TEST_CASE("a request arrives as it was given, and its answer as it was sent") {
  std::string seen;
  auto const asked = ask([&](int connection) {
    seen = read_request(connection);
    write_all(connection, http_response("200 OK", sequence));
  });
  CHECK(asked.failure == "");
  CHECK(asked.body == sequence);
  CHECK(seen == "question");
}

TEST_CASE("the path is asked for with its query") {
  for (std::string const path : {"/ocsp", "/ocsp?ca=1&x=y", "/?ca=1", "/"}) {
    std::string head;
    SocketServer const server([&](int connection) {
      static_cast<void>(read_request(connection, &head));
      write_all(connection, http_response("200 OK", sequence));
    });
    auto const url = "http://127.0.0.1:" + std::to_string(server.port()) + path;
    CHECK(ask(url, std::chrono::seconds(30)).body == sequence);
    CHECK(head.starts_with("POST " + path + " HTTP/1."));
  }
}

TEST_CASE("another status than success, and a redirect, are failures that name the URL") {
  for (std::string const status : {"500 Internal Server Error", "404 Not Found", "418",
                                   "302 Found\r\nLocation: http://127.0.0.1:1/"}) {
    CAPTURE(status);
    auto const asked = ask([&](int connection) {
      static_cast<void>(read_request(connection));
      write_all(connection, http_response(status, sequence));
    });
    CHECK(asked.body == "");
    CHECK(holds(asked.failure, "http://127.0.0.1:"));
    bool const redirected = status.starts_with('3');
    CHECK(holds(asked.failure, "it answers with status " + status.substr(0, 3)) != redirected);
  }
}

TEST_CASE("what is no HTTP, or no DER, is a failure") {
  for (std::string const& answer :
       {std::string("SSH-2.0-OpenSSH\r\n"), std::string(),
        http_response("200 OK", "<html>no</html>"), http_response("200 OK", "")}) {
    auto const asked = ask([&](int connection) {
      static_cast<void>(read_request(connection));
      write_all(connection, answer);
    });
    CHECK(asked.body == "");
    CHECK(asked.failure != "");
  }
}

TEST_CASE("a peer that never answers is given up when the time is over") {
  auto const limit = std::chrono::milliseconds(200);
  auto const asked = ask(stay_silent, limit);
  CHECK(holds(asked.failure, "no whole answer within 200ms"));
  CHECK(asked.took >= limit);
}

TEST_CASE("a peer that drips is given up when the time is over") {
  auto const drip = [](int connection) {
    static_cast<void>(read_request(connection));
    std::string const header = "HTTP/1.0 200 OK\r\nX-Slow: ";
    write_all(connection, header);
    // Until the client goes away: one byte whenever it has waited for a while.
    for (char byte = 0; ::send(connection, "x", 1, MSG_NOSIGNAL) == 1;) {
      ::timeval const pause{0, 50'000};
      ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &pause, sizeof pause);
      if (::recv(connection, &byte, 1, 0) == 0) return;
    }
  };
  auto const asked = ask(drip, std::chrono::milliseconds(300));
  CHECK(holds(asked.failure, "no whole answer within 300ms"));
}

TEST_CASE("no more is received than may be, whatever the peer sends") {
  auto const flood = [](std::string const& start, char filler) {
    return [=](int connection) {
      static_cast<void>(read_request(connection));
      write_all(connection, start);
      std::string const more(65536, filler);
      for (int i = 0; i < 1600; ++i) {
        if (::send(connection, more.data(), more.size(), MSG_NOSIGNAL) <= 0) return;
      }
    };
  };
  std::string const ok = "HTTP/1.0 200 OK\r\n";
  // Announced, not announced, a header without end, headers without end.
  for (auto const& start : {ok + "Content-Length: 104857600\r\n\r\n", ok + "\r\n\x30\x84\x06\x40",
                            ok + "X-Long: ", std::string()}) {
    CAPTURE(start);
    CHECK(ask(flood(start, 'x')).failure != "");
    CHECK(ask(flood(start, '\n')).failure != "");
  }
  // Exactly as much as may be, and one byte more.
  auto const sized = [&](std::size_t size) {
    std::string const head = "HTTP/1.0 200 OK\r\n\r\n\x30\x82";
    std::size_t const inside = size - head.size() - 2;
    std::string const length{static_cast<char>(inside >> 8), static_cast<char>(inside & 0xff)};
    return ask([=](int connection) {
      static_cast<void>(read_request(connection));
      write_all(connection, head + length + std::string(inside, 'x'));
    });
  };
  CHECK(sized(largest).failure == "");
  CHECK(holds(sized(largest + 1).failure, "larger than 4096 bytes"));
}

TEST_CASE("nobody there, no such name and no such URL are failures that say which") {
  auto const limit = std::chrono::seconds(30);
  auto const nobody = ask("http://127.0.0.1:" + std::to_string(free_port()) + "/", limit);
  CHECK(holds(nobody.failure, "Connection refused; see that this host reaches it"));
  CHECK(holds(ask("http://name.invalid/", limit).failure, "name.invalid"));
  CHECK(holds(ask("https://127.0.0.1/", limit).failure, "only plain http"));
  CHECK(holds(ask("http://127.0.0.1:x/", limit).failure, "no URL"));
}

TEST_CASE("an address of IPv6 stands in brackets") {
  SocketServer const server(
      [](int connection) {
        static_cast<void>(read_request(connection));
        write_all(connection, http_response("200 OK", sequence));
      },
      "::1");
  auto const url = "http://[::1]:" + std::to_string(server.port()) + "/";
  CHECK(ask(url, std::chrono::seconds(30)).body == sequence);
}
