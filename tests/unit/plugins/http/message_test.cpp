#include "plugins/http/message.hpp"

#include <doctest/doctest.h>

#include "support/holds.hpp"
#include "support/http_server.hpp"

using namespace certpivot;
using namespace certpivot::plugins;
using testing::holds;
using testing::http_answer;

namespace {

/// Read in pieces of `step` bytes until it is enough, with the end of the connection behind them.
Result<HttpAnswer> read(std::string const& wire, std::size_t step,
                        std::string const& method = "GET") {
  HttpReader reader(method);
  for (std::size_t at = 0; at < wire.size(); at += step)
    if (!reader.hear(std::string_view(wire).substr(at, step))) break;
  return reader.finish();
}

std::string text_of(Result<HttpAnswer> const& answer) {
  if (!answer) return answer.error().text();
  return std::to_string(answer->status) + "|" + answer->reason + "|" + answer->location + "|" +
         answer->body;
}

}  // namespace

TEST_CASE("a request goes out with its host, its headers and the length of its body") {
  CHECK(to_wire({"POST", "/reload?a=b", "web:8080", {{"X-Site", "one"}}, "hello"}) ==
        "POST /reload?a=b HTTP/1.1\r\nHost: web:8080\r\nUser-Agent: certpivot\r\nAccept: */*\r\n"
        "Connection: close\r\nX-Site: one\r\nContent-Length: 5\r\n\r\nhello");
  CHECK(to_wire({"GET", "/", "web", {}, ""}) ==
        "GET / HTTP/1.1\r\nHost: web\r\nUser-Agent: certpivot\r\nAccept: */*\r\n"
        "Connection: close\r\n\r\n");
  CHECK(holds(to_wire({"PUT", "/", "web", {}, ""}), "Content-Length: 0\r\n"));
  CHECK(holds(to_wire({"BAN", "/", "web", {{"accept", "text/plain"}}, ""}),
              "BAN / HTTP/1.1\r\nHost: web\r\nUser-Agent: certpivot\r\nConnection: close\r\n"
              "accept: text/plain\r\n"));
}

TEST_CASE("an answer is read however it is sent and wherever it is cut") {
  for (std::size_t const step : {1U, 7U, 100000U}) {
    CHECK(text_of(read(http_answer("200 OK", "fine"), step)) == "200|OK||fine");
    CHECK(text_of(read("HTTP/1.1 204 No Content\r\n\r\n", step)) == "204|No Content||");
    CHECK(text_of(read(
              "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
              step)) == "200|OK||abc");
    CHECK(text_of(read("HTTP/1.0 500 Oops\r\n\r\nuntil the end", step)) ==
          "500|Oops||until the end");
    CHECK(text_of(read(http_answer("302 Found", "", "Location: http://b/c\r\n"), step)) ==
          "302|Found|http://b/c|");
    CHECK(text_of(read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" +
                           http_answer("201 Created", "x"),
                       step)) == "201|Created||x");
    CHECK(text_of(read("HTTP/1.1 101 Switching Protocols\r\n\r\n", step)) ==
          "101|Switching Protocols||");
    CHECK(text_of(read("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", step, "HEAD")) ==
          "200|OK||");
  }
}

TEST_CASE("what is no whole answer is told") {
  for (std::size_t const step : {1U, 100000U}) {
    CHECK(text_of(read("", step)) == "there is no answer: the server hung up");
    for (std::string const wire :
         {"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
          "HTTP/1.1 200 OK\r\nConte", "HTTP/1.1 2000 OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 20"}) {
      INFO(wire);
      CHECK(holds(text_of(read(wire, step)), "there is no whole HTTP answer: "));
    }
  }
  CHECK(text_of(read("HTTP/1.1 100 Continue\r\n\r\n", 1)) ==
        "there is no answer: the server hung up");
}

TEST_CASE("an answer costs no more than is kept of it, whatever it claims and however it goes on") {
  auto const long_one = read("HTTP/1.1 400 No\r\nContent-Length: 99999999999\r\n\r\n" +
                                 std::string(longest_body + 1000, 'x'),
                             4096);
  REQUIRE(long_one);
  CHECK(long_one->status == 400);
  CHECK(long_one->body.size() >= longest_body);
  CHECK(long_one->body.size() < longest_body + 4096);

  std::string const header = "HTTP/1.1 200 OK\r\nX: " + std::string(20000, 'x') + "\r\n\r\n";
  CHECK(holds(text_of(read(header, 4096)), "there is no whole HTTP answer: "));

  HttpReader endless("GET");
  std::string const interim = "HTTP/1.1 102 Processing\r\n\r\n";
  std::size_t heard = 0;
  while (endless.hear(interim)) heard += interim.size();
  CHECK(heard <= 4 * longest_body);
  CHECK_FALSE(endless.finish());
}
