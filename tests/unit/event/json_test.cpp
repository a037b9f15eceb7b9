#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include "event/event.hpp"

using namespace certpivot;
using namespace certpivot::event;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

WallTime const noon{std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) + 12h + 345ms};

CertificateFacts leaf() {
  return {"CN=web",
          "CN=issuer",
          "0A",
          "abcd",
          {"web.internal", "10.0.0.7"},
          std::chrono::floor<std::chrono::days>(noon),
          std::chrono::floor<std::chrono::days>(noon) + 24h * 30};
}

}  // namespace

TEST_CASE("an event has the contract's members, in one line") {
  Event const event{
      noon,
      Kind::rolled_back,
      "web",
      7,
      leaf(),
      {"/run/certs/current/tls.crt", "/run/certs/current/tls.key", "/run/certs/current/ca.crt"},
      {{"probe", "serves another leaf"}},
      "nginx",
      1234ms};
  CHECK(to_json(event) ==
        R"({"time":"2026-11-20T12:00:00.345Z","event":"rolled_back","certificate":"web",)"
        R"("generation":7,"serial":"0A","fingerprint":"abcd","subject":"CN=web",)"
        R"("names":["web.internal","10.0.0.7"],"issuer":"CN=issuer",)"
        R"("not_before":"2026-11-20T00:00:00Z","not_after":"2026-12-20T00:00:00Z",)"
        R"("remaining_seconds":2548799,"paths":{"certificate":"/run/certs/current/tls.crt",)"
        R"("key":"/run/certs/current/tls.key","ca":"/run/certs/current/ca.crt"},)"
        R"("reasons":[{"code":"probe","text":"serves another leaf"}],"hook":"nginx",)"
        R"("duration_ms":1234})");
}

TEST_CASE("members without a value are left out") {
  CHECK(to_json({noon, Kind::configuration_loaded}) ==
        R"({"time":"2026-11-20T12:00:00.345Z","event":"configuration_loaded"})");
}

TEST_CASE("an expired certificate has negative remaining seconds") {
  Event event{noon, Kind::expired, "web"};
  event.leaf = leaf();
  event.leaf->not_after = noon - 10s;
  CHECK(json::parse(to_json(event)).at("remaining_seconds").as_int64() == -10);
}

TEST_CASE("a subject with invalid UTF-8, quotes and line breaks still makes one line of JSON") {
  Event event{noon, Kind::accepted, "web"};
  event.leaf = leaf();
  event.leaf->subject = "CN=\"a\"\n\xFF\xC0\xAF";
  event.leaf->names = {"\x80"};
  event.reasons = {{"unreadable", "\xED\xA0\x80"}};
  std::string const text = to_json(event);
  CHECK(text.find('\n') == std::string::npos);
  json::value const read = json::parse(text);
  CHECK(read.at("subject").as_string() == "CN=\"a\"\n\uFFFD\uFFFD\uFFFD");
  CHECK(read.at("names").at(0).as_string() == "\uFFFD");
  CHECK(read.at("reasons").at(0).at("text").as_string() == "\uFFFD\uFFFD\uFFFD");
}

TEST_CASE("every kind has the contract's name") {
  CHECK(name(Kind::accepted) == "accepted");
  CHECK(name(Kind::refused) == "refused");
  CHECK(name(Kind::committed) == "committed");
  CHECK(name(Kind::rolled_back) == "rolled_back");
  CHECK(name(Kind::failed) == "failed");
  CHECK(name(Kind::held) == "held");
  CHECK(name(Kind::released) == "released");
  CHECK(name(Kind::expiring) == "expiring");
  CHECK(name(Kind::expired) == "expired");
  CHECK(name(Kind::overdue) == "overdue");
  CHECK(name(Kind::not_served) == "not_served");
  CHECK(name(Kind::recovered) == "recovered");
  CHECK(name(Kind::source_lost) == "source_lost");
  CHECK(name(Kind::source_found) == "source_found");
  CHECK(name(Kind::configuration_loaded) == "configuration_loaded");
  CHECK(name(Kind::configuration_refused) == "configuration_refused");
}
