#include "crypto/starttls.hpp"

#include <doctest/doctest.h>

#include "support/starttls_script.hpp"

using namespace certpivot;
using namespace certpivot::testing;
using crypto::Opening;
using crypto::Step;

namespace {

void feed(Opening& opening, std::string_view text) {
  opening.feed(std::as_bytes(std::span(text.data(), text.size())));
}

/// Plays the script, its answers in pieces of `size` bytes; where it ended and what was said.
struct Played {
  Step step = Step::wants_input;
  std::string failure = {};
};
Played play(std::string const& protocol, std::vector<Exchange> const& script, std::size_t size) {
  Opening opening(crypto::starttls_of(protocol).value());
  Played played{opening.proceed()};
  for (Exchange const& turn : script) {
    CHECK(opening.take_output() == turn.hears);
    for (std::size_t at = 0; at < turn.says.size() && played.step != Step::failed; at += size) {
      CHECK(played.step == Step::wants_input);
      feed(opening, std::string_view(turn.says).substr(at, size));
      played.step = opening.proceed();
    }
  }
  played.failure = opening.failure();
  return played;
}

std::string why(std::string const& protocol, std::vector<Exchange> const& script) {
  auto const at_once = play(protocol, script, 1 << 20);
  CHECK(at_once.step == Step::failed);
  CHECK(play(protocol, script, 1).failure == at_once.failure);
  return at_once.failure;
}

/// The script of a good server with another last answer.
std::vector<Exchange> ending_with(std::string const& protocol, std::string const& answer) {
  auto script = consent_of(protocol);
  if (script.back().says.empty()) script.pop_back();
  script.back().says = answer;
  return script;
}

constexpr auto protocols = {"postgres", "smtp", "imap", "ldap", "mysql"};

}  // namespace

TEST_CASE("without STARTTLS the handshake begins at once") {
  Opening opening(crypto::Starttls::none);
  CHECK(opening.proceed() == Step::done);
  CHECK(opening.take_output().empty());
}

TEST_CASE("each protocol asks for TLS in its own words, however the answers are cut") {
  for (std::string const protocol : protocols) {
    CAPTURE(protocol);
    for (std::size_t const size : {1U, 2U, 7U, 4096U}) {
      auto const played = play(protocol, consent_of(protocol), size);
      CHECK(played.failure.empty());
      CHECK(played.step == Step::done);
    }
  }
}

TEST_CASE("bytes behind the server's consent are refused") {
  for (std::string const protocol : protocols) {
    CAPTURE(protocol);
    auto script = consent_of(protocol);
    if (script.back().says.empty()) script.pop_back();
    script.back().says += "HELO";
    Opening opening(crypto::starttls_of(protocol).value());
    Step step = opening.proceed();
    for (Exchange const& turn : script) {
      feed(opening, turn.says);
      step = opening.proceed();
    }
    CHECK(step == Step::failed);
    CHECK(opening.failure() ==
          "the server sent 4 bytes between its consent and TLS, which somebody else may have put "
          "there");
  }
}

TEST_CASE("a refusal is told in the server's words") {
  using namespace std::string_literals;
  CHECK(why("postgres", ending_with("postgres", "N")) ==
        "the server refuses TLS: it has none, see its setting ssl");
  CHECK(why("postgres", ending_with("postgres", "E")) ==
        "the server refuses TLS: it answered with an error, see its log");
  CHECK(why("smtp", ending_with("smtp", "454 4.7.0 TLS not available\r\n")) ==
        "the server refuses TLS: 454 4.7.0 TLS not available");
  CHECK(why("smtp", {{"", "421 too busy\r\n"}}) == "the server refuses TLS: 421 too busy");
  CHECK(why("smtp", {{"", "220 hello\r\n"},
                     {"EHLO certpivot.invalid\r\n", "250-mail\r\n250 STARTTLSX\r\n"}}) ==
        "the server refuses TLS: it does not offer STARTTLS");
  CHECK(why("imap", ending_with("imap", "a BAD unknown \x1b[31mcommand\r\n")) ==
        "the server refuses TLS: BAD unknown ?[31mcommand");
  CHECK(why("imap", {{"", "* BYE go away\r\n"}}) == "the server refuses TLS: * BYE go away");
  CHECK(why("ldap", ending_with("ldap",
                                "\x30\x11\x02\x01\x01\x78\x0c\x0a\x01\x34\x04\x00\x04\x05no"
                                "tls"s)) == "the server refuses TLS: result code 52, notls");
  CHECK(why("mysql", {{"", "\x0b\x00\x00\x00\xff\x10\x04Too many"s}}) ==
        "the server refuses TLS: Too many");
  std::string no_tls = consent_of("mysql").front().says;
  no_tls[no_tls.find("abcdefgh") + 10] = '\xf7';  // the bit CLIENT_SSL
  CHECK(why("mysql", {{"", no_tls}}) ==
        "the server refuses TLS: it has none, see its settings ssl_cert and ssl_key");
}

TEST_CASE("something else that answers is told from a refusal") {
  std::string const http = "HTTP/1.1 400 Bad Request\r\n\r\n";
  for (std::string const protocol : protocols) {
    CAPTURE(protocol);
    auto const script = consent_of(protocol);
    std::string const first = protocol == "smtp" || protocol == "imap" || protocol == "mysql"
                                  ? std::string()
                                  : script.front().hears;
    CHECK(play(protocol, {{first, http}}, 4096)
              .failure.starts_with("what answers there does not speak "));
  }
}

TEST_CASE("an answer that does not end is given up") {
  struct Babbler {
    std::string protocol;
    std::string endless;
  };
  for (auto const& babbler : {Babbler{"smtp", "220-and so on\r\n"}, Babbler{"imap", "endless"},
                              Babbler{"ldap", "\x30\x84\x7f\xff\xff\xff"}}) {
    CAPTURE(babbler.protocol);
    Opening opening(crypto::starttls_of(babbler.protocol).value());
    std::size_t pieces = 0;
    while (opening.proceed() == Step::wants_input && ++pieces < 100'000) {
      feed(opening, babbler.endless);
    }
    CHECK(opening.failure() == "the server's answer to the request for TLS does not end");
    CHECK(pieces * babbler.endless.size() < 20'000);
  }
}

TEST_CASE("a word that is no protocol is none") {
  CHECK(crypto::starttls_of("none") == crypto::Starttls::none);
  CHECK(crypto::starttls_of("mysql") == crypto::Starttls::mysql);
  CHECK_FALSE(crypto::starttls_of("ftp"));
}
