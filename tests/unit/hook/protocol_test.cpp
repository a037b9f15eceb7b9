#include "hook/protocol.hpp"

#include <doctest/doctest.h>

using namespace certpivot;
using namespace certpivot::hook;

namespace {

std::string refusal(Result<void> const& answer) { return answer ? "" : answer.error().text(); }

std::string described(std::string const& output) {
  auto const description = read_description(output);
  return description ? "" : description.error().text();
}

// What judge_config finds wrong with `config` beside a plugin that takes a name and a port.
std::string judged(std::string const& config) {
  Description description;
  description.config = {{"name", {"string", true}}, {"port", {"integer", false}}};
  auto const fit = judge_config(config, description);
  return fit ? "" : fit.error().why;
}

}  // namespace

TEST_CASE("a question is one line of JSON with the version, the action, the keys and the event") {
  event::Event about;
  about.certificate = "web";
  about.kind = event::Kind::accepted;
  std::string const text = question(Action::reload, "{\n\"port\" : 25\n}", about);
  CHECK(text.starts_with(R"({"version":1,"action":"reload","config":{"port":25},"event":{)"));
  CHECK(text.find(R"("certificate":"web")") != std::string::npos);
  CHECK(text.find('\n') == text.size() - 1);
  CHECK(name(Action::describe) == "describe");
  CHECK(name(Action::check) == "check");
  CHECK(name(Action::alert) == "alert");
}

TEST_CASE("an answer is one JSON object with ok, and white space around it") {
  CHECK(refusal(read_answer(R"({"ok":true})")).empty());
  CHECK(refusal(read_answer("\n {\"version\":1,\"ok\":true,\"message\":\"done\"}\n\n")).empty());
}

TEST_CASE("what is refused is refused in the plugin's own words, which cannot forge a log line") {
  CHECK(refusal(read_answer(R"({"ok":false,"message":"no such table"})")) == "no such table");
  CHECK(refusal(read_answer(R"({"ok":false})")) == "it refuses without a message");
  CHECK(refusal(read_answer(R"({"ok":false,"message":7})")) == "it refuses without a message");
  auto const forged = refusal(read_answer(R"({"ok":false,"message":"a\u001b[2J"})"));
  CHECK(forged.find('\x1b') == std::string::npos);
  CHECK(forged.find("a") == 0);
}

TEST_CASE("an answer that is none is a failure that says what is wrong with it") {
  struct Case {
    std::string output;
    std::string part;
  };
  for (Case const& answer :
       {Case{"", "not one JSON object"}, Case{"done\n", "not one JSON object"},
        Case{R"({"ok":true}{"ok":false})", "not one JSON object"},
        Case{R"({"ok":true} {"ok":true})", "not one JSON object"},
        Case{R"({"ok":true)", "not one JSON object"}, Case{"true", "no object"},
        Case{R"([{"ok":true}])", "no object"}, Case{"{}", "there is no \"ok\""},
        Case{R"({"ok":"true"})", "there is no \"ok\""}, Case{R"({"ok":1})", "there is no \"ok\""},
        Case{R"({"version":2,"ok":true})", "it speaks version 2 of the protocol, not 1"},
        Case{R"({"version":"1","ok":true})", "it speaks version \"1\" of the protocol, not 1"},
        Case{std::string(100'000, '['), "not one JSON object"},
        Case{std::string("{\"ok\":true}\0{}", 14), "not one JSON object"}}) {
    CAPTURE(answer.output);
    CHECK(refusal(read_answer(answer.output)).find(answer.part) != std::string::npos);
  }
}

TEST_CASE("a description tells the actions, and each key's type and whether it must be there") {
  auto const description =
      read_description(R"({"ok":true,"actions":["check","reload"],"config":{)"
                       R"("name":{"type":"string","required":true},"port":{"type":"integer"}}})");
  REQUIRE(description);
  CHECK(description->actions == std::set<std::string>{"check", "reload"});
  REQUIRE(description->config.size() == 2);
  CHECK(description->config.at("name").type == "string");
  CHECK(description->config.at("name").required);
  CHECK(!description->config.at("port").required);
  CHECK(described(R"({"ok":true,"actions":["reload"]})").empty());
}

TEST_CASE("a key that is described wrongly is named") {
  for (std::string const key :
       {R"("text")", R"({"type":"text"})", R"({"required":true})", R"({"type":1})", "null"}) {
    CAPTURE(key);
    CHECK(described(R"({"ok":true,"actions":["reload"],"config":{"name":)" + key + "}}")
              .find("its key name without a type") != std::string::npos);
  }
  CHECK(described(R"({"ok":true,"actions":["reload"],"config":["name"]})")
            .find("no object of keys") != std::string::npos);
  CHECK(described(R"({"ok":false,"message":"not today"})") == "not today");
}

TEST_CASE("keys are judged by the description, all that is wrong at once") {
  CHECK(judged(R"({"name":"a","port":25})").empty());
  CHECK(judged(R"({"name":"a"})").empty());
  CHECK(judged(R"({"nmae":"a","port":"25"})") ==
        "unknown key 'nmae', 'port' must be of type integer, required key 'name' is missing");
  CHECK(judged(R"({"name":["a"]})") == "'name' must be of type string");
}

TEST_CASE("each type takes its own values and no others") {
  struct Case {
    std::string type;
    std::string value;
  };
  std::vector<Case> const cases{{"string", "\"a\""}, {"integer", "1"}, {"number", "1.5"},
                                {"boolean", "true"}, {"array", "[1]"}, {"object", "{}"}};
  for (Case const& key : cases)
    for (Case const& given : cases) {
      Description description;
      description.config = {{"key", {key.type, true}}};
      bool const takes =
          key.type == given.type || (key.type == "number" && given.type == "integer");
      CAPTURE(key.type);
      CAPTURE(given.value);
      CHECK(judge_config("{\"key\":" + given.value + "}", description).has_value() == takes);
    }
}
