#include <doctest/doctest.h>

#include "reading.hpp"
#include "settings/punycode.hpp"
#include "settings/rules.hpp"

using namespace certpivot;
using namespace certpivot::testing;
using settings::alternative_name;

namespace {

std::string labels(std::size_t count, std::size_t length) {
  std::string name;
  for (std::size_t i = 0; i < count; ++i) name += std::string(length, 'a') + ".";
  return name;
}

}  // namespace

TEST_CASE("what a certificate's subjectAltName can hold is taken as a name") {
  for (std::string const& name :
       {std::string("web.internal"), std::string("WEB.internal."), std::string("localhost"),
        std::string("*.example.org"), std::string("_srv.web-1.example.org"),
        std::string("xn--bcher-kva.example"), std::string("XN--Bcher-Kva.example"),
        std::string("xn--p1ai"), std::string("1.2.3.4.example"), std::string("10.0.0.7"),
        std::string("2001:DB8::7"), std::string("::ffff:10.0.0.7"),
        std::string("spiffe://example.org/web"), std::string("https://example.org/a?b#c"),
        std::string("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), labels(1, 63) + "org",
        labels(3, 63) + std::string(61, 'b')}) {
    CAPTURE(name);
    CHECK(alternative_name(name) == "");
  }
}

TEST_CASE("what no certificate can hold as a name is told with its reason") {
  struct {
    std::string name;
    std::string reason;
  } const cases[] = {
      {"", "must not be empty"},
      {"b\xc3\xbc"
       "cher.example",
       "A-label (xn--..."},
      {"xn--.example", "ends with '-'"},
      {"xn--abc-.example", "ends with '-'"},
      {"xn--a_b.example", "is no A-label"},
      {"xn--99999999999.example", "is no A-label"},
      {"a..example", "an empty label"},
      {".example", "an empty label"},
      {".", "an empty label"},
      {"web.internal..", "an empty label"},
      {"-a.example", "begins or ends with '-'"},
      {"a-.example", "begins or ends with '-'"},
      {"a b.example", "must not have anything but letters, digits, '-' and '_'"},
      {labels(1, 64) + "org", "more than 63 letters"},
      {labels(3, 63) + std::string(62, 'b'), "must not have more than 253 letters, as"},
      {"*", "must not have '*' but for its whole first label"},
      {"f*.example.org", "must not have '*' but for its whole first label"},
      {"a.*.org", "must not have '*' but for its whole first label"},
      {"*.*.org", "must not have '*' but for its whole first label"},
      {"10.0.0.300", "end as an IPv4 address"},
      {"10.0.0", "end as an IPv4 address"},
      {"web.internal:443", "without a port"},
      {"[2001:db8::7]", "without a port"},
      {"2001:db8::g", "without a port"},
      {"https://example.org/a b", "without a port"},
      {"ops@example.org", "e-mail address"},
  };
  for (auto const& one : cases) {
    CAPTURE(one.name);
    std::string const answer = alternative_name(one.name);
    CAPTURE(answer);
    CHECK(answer.find(one.reason) != std::string::npos);
    // It says what the name does; the opposite would be a riddle.
    CHECK_FALSE((answer.starts_with("must have") && answer.ends_with(" does")));
  }
}

TEST_CASE("an A-label must decode to something beyond ASCII") {
  // RFC 3492 section 7.1 and names that are in use.
  for (std::string const text :
       {"bcher-kva", "p1ai", "ihqwcrb4cv8a8dqg056pqjye",
        "PorqunopuedensimplementehablarenEspaol-fmd56a", "mgbh0fb", "3e0b707e"})
    CHECK_MESSAGE(settings::is_punycode(text), text);
  for (std::string const text : {"", "-", "abc-", "a_b", "99999999999", "zzzzzzzz", "b"})
    CHECK_FALSE_MESSAGE(settings::is_punycode(text), text);
}

TEST_CASE("a SPIFFE ID is taken as its standard writes it, and nothing else is") {
  std::string const start = "spiffe://";
  std::string const longest = start + "d/" + std::string(2048 - start.size() - 2, 'p');
  for (std::string const& good : {start + "example.org/web", start + "a_b-1.x/A.b_c-9/...", longest,
                                  start + std::string(255, 'd') + "/p"}) {
    CAPTURE(good);
    CHECK(alternative_name(good) == "");
  }
  for (std::string const& bad :
       {std::string("spiffe:"), start, start + "example.org", start + "example.org/",
        start + "/web", std::string("SPIFFE://example.org/web"), start + "Example.org/web",
        start + "user@example.org/web", start + "example.org:443/web", start + "example.org/a?b",
        start + "example.org/a#b", start + "example.org/%41", start + "example.org/a//b",
        start + "example.org/./a", start + "example.org/..", start + "example.org/a/",
        start + "exa mple/a", longest + "p", start + std::string(256, 'd') + "/p"}) {
    CAPTURE(bad);
    CHECK(alternative_name(bad).find("to be a SPIFFE ID, not \"") != std::string::npos);
  }
}

TEST_CASE("a name that no certificate can hold is a complaint at its place") {
  CHECK(
      below("[certificate.trust]\nnames = [\"web.internal\", \"spiffe://example.org\", "
            "\"10.0.0.300\"]\n") ==
      Sentences{
          "x.toml:6:26: an entry of 'certificate.trust.names' must have a path behind its trust "
          "domain to be a SPIFFE ID, not \"spiffe://example.org\"",
          "x.toml:6:50: an entry of 'certificate.trust.names' must not end as an IPv4 address, as "
          "\"10.0.0.300\" does"});
}

TEST_CASE("a server is asked for by a host's name and nothing else") {
  for (std::string const good : {"web.internal", "localhost", "my_service.ns", "10.0.0.7", "::1"}) {
    CAPTURE(good);
    CHECK(settings::server_name(good) == "");
  }
  for (std::string const bad :
       {"*.internal", "web.internal:443", "https://web", "a@b", "spiffe://example.org/web"}) {
    CAPTURE(bad);
    CHECK(settings::server_name(bad) == "must be a DNS name or an IP address, not \"" + bad + "\"");
  }
  for (std::string const bad : {"", "a..b", "-a",
                                "b\xc3\xbc"
                                "cher.de",
                                "two words"}) {
    CAPTURE(bad);
    CHECK(settings::server_name(bad) != "");
  }
}
