#include "plugins/http/body.hpp"

#include <doctest/doctest.h>

#include "settings/settings.hpp"

using namespace certpivot;
using plugins::fill_body;

namespace {

constexpr auto json = "application/json";

WallTime at(int seconds) { return WallTime(std::chrono::seconds(seconds)); }

event::Event full_event() {
  event::Event event;
  event.time = at(60);
  event.kind = event::Kind::accepted;
  event.certificate = "web";
  event.generation = 7;
  event.leaf = CertificateFacts{};
  event.leaf->serial = "0A";
  event.leaf->fingerprint = "ab12";
  event.leaf->subject = "O=\"A & B\", CN=w\\b";
  event.leaf->issuer = "CN=ca";
  event.leaf->names = {"web.internal", "10.0.0.7"};
  event.leaf->not_before = at(0);
  event.leaf->not_after = at(86400);
  event.paths = {"/run/c/tls.crt", "/run/c/tls.key", "/run/c/ca.crt"};
  return event;
}

}  // namespace

TEST_CASE("each placeholder stands for its value of the event") {
  struct Row {
    char const* name;
    char const* value;
  };
  std::vector<Row> const rows{{"event", "accepted"},
                              {"time", "1970-01-01T00:01:00.000Z"},
                              {"certificate", "web"},
                              {"generation", "7"},
                              {"serial", "0A"},
                              {"fingerprint", "ab12"},
                              {"subject", "O=\"A & B\", CN=w\\b"},
                              {"issuer", "CN=ca"},
                              {"names", "web.internal, 10.0.0.7"},
                              {"not_before", "1970-01-01T00:00:00Z"},
                              {"not_after", "1970-01-02T00:00:00Z"},
                              {"certificate_file", "/run/c/tls.crt"},
                              {"key_file", "/run/c/tls.key"},
                              {"ca_file", "/run/c/ca.crt"}};
  auto const event = full_event();
  for (auto const& [name, value] : rows)
    CHECK(fill_body("<{{" + std::string(name) + "}}>", "text/plain", event) ==
          "<" + std::string(value) + ">");
  CHECK(fill_body("{{json}}", "text/plain", event) == event::to_json(event));
  CHECK(rows.size() + 1 == settings::http_placeholders.size());
}

TEST_CASE("what the event does not have is empty, and no generation is 0") {
  event::Event const empty;
  for (std::string_view const name : settings::http_placeholders)
    if (name != "event" && name != "time" && name != "generation" && name != "json")
      CHECK(fill_body("{{" + std::string(name) + "}}", json, empty).empty());
  CHECK(fill_body("{\"generation\": {{generation}}}", json, empty) == "{\"generation\": 0}");
}

TEST_CASE("values are escaped as the content type asks") {
  auto const event = full_event();
  std::string const text = "\"{{subject}}\"";
  for (std::string const type : {"application/json", "Application/JSON; charset=utf-8",
                                 "application/merge-patch+json", "text/json"})
    CHECK(fill_body(text, type, event) == R"("O=\"A & B\", CN=w\\b")");
  CHECK(fill_body("s={{subject}}&n={{names}}", "application/x-www-form-urlencoded", event) ==
        "s=O%3D%22A%20%26%20B%22%2C%20CN%3Dw%5Cb&n=web.internal%2C%2010.0.0.7");
  CHECK(fill_body(text, "text/plain", event) == "\"O=\"A & B\", CN=w\\b\"");
  CHECK(fill_body(text, "application/jsonl", event) == "\"O=\"A & B\", CN=w\\b\"");
}

TEST_CASE("the whole event is one value within a body of JSON") {
  auto const event = full_event();
  CHECK(fill_body("{\"event\": {{json}}}", json, event) ==
        "{\"event\": " + event::to_json(event) + "}");
}

TEST_CASE("bytes that are no UTF-8 do not break JSON") {
  event::Event event = full_event();
  event.leaf->subject = "CN=\xff\n";
  CHECK(fill_body("\"{{subject}}\"", json, event) == "\"CN=\xef\xbf\xbd\\n\"");
}
