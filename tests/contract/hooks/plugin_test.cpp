#include <sys/stat.h>

#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

std::string says(std::string const& answer) { return "printf '%s\\n' '" + answer + "'"; }

/// What a plugin does for each question, as shell.
struct Script {
  std::string describe =
      says(R"({"ok":true,"actions":["check","reload"],"config":{"port":{"type":"integer"}}})");
  std::string check = says(R"({"ok":true,"message":"fine"})");
  std::string reload = says(R"({"ok":true,"message":"done"})");
};

/// A plugin of the type "app", which writes down what it is asked. It is well behaved on the way
/// back.
void install(Scene& scene, Script const& script) {
  std::string const place = scene.directory.string();
  scene.directory.make("plugins");
  ::chmod((scene.directory / "plugins").c_str(), 0755);
  scene.directory.write("plugins/certpivot-app",
                        "#!/bin/sh\nread -r question\nprintf '%s\\n' \"$question\" >> " + place +
                            "/questions\nenv > " + place + "/environment\ncase $question in\n" +
                            "*'\"action\":\"describe\"'*) " + script.describe + " ;;\n" +
                            "*'\"action\":\"check\"'*) " + script.check + " ;;\n" +
                            "*'\"event\":\"rolled_back\"'*) " + Script().reload + " ;;\n*) " +
                            script.reload + " ;;\nesac\n",
                        0755);
  scene.agent_keys = "plugins = \"" + place + "/plugins\"\n";
  scene.hooks = "[[certificate.hook]]\ntype = \"app\"\nport = 25\nretries = 0\ntimeout = \"3s\"\n";
}

/// A second pair that goes out by way of a plugin.
struct Rotation {
  explicit Rotation(Script const& script) {
    scene.publish_first(first);
    install(scene, script);
    scene.run();
    scene.offer(second);
    line = scene.daemon().ending_of(second.fingerprint);
  }
  [[nodiscard]] bool says(std::string const& part) const {
    return line.message.find(part) != std::string::npos;
  }

  Scene scene = {};
  Pair first = scene.issue();
  Pair second = scene.issue();
  LogLine line = {};
};

}  // namespace

TEST_CASE("a plugin describes itself, checks and reloads, and is told of the event both ways") {
  Rotation const rotation({});
  CHECK(rotation.line.event == "committed");
  std::string const asked = rotation.scene.directory.read("questions");
  auto const describe = asked.find(R"({"version":1,"action":"describe","config":{"port":25},)");
  auto const check = asked.find(R"({"version":1,"action":"check","config":{"port":25},"event":{)");
  auto const reload = asked.rfind(R"({"version":1,"action":"reload","config":{"port":25},)");
  REQUIRE(reload != std::string::npos);
  CHECK(describe < check);
  CHECK(check < reload);
  CHECK(asked.find(rotation.second.fingerprint, reload) != std::string::npos);
  std::string const environment = rotation.scene.directory.read("environment");
  CHECK(environment.find("CERTPIVOT_FINGERPRINT=" + rotation.second.fingerprint + "\n") !=
        std::string::npos);
  CHECK_FALSE(holds_key_bytes(asked + environment, rotation.second.key_pem));
}

TEST_CASE("what a plugin refuses before the pivot changes nothing, and is told in its own words") {
  Rotation const rotation({.check = says(R"({"ok":false,"message":"the app is down"})")});
  CHECK(rotation.line.event == "failed");
  CHECK(rotation.says("the app is down"));
  CHECK(rotation.scene.published() == rotation.first.fingerprint);
}

TEST_CASE("what a plugin refuses after the pivot brings the old pair back") {
  Rotation const rotation({.reload = says(R"({"ok":false,"message":"it serves the old one"})")});
  CHECK(rotation.line.event == "rolled_back");
  CHECK(rotation.says("it serves the old one"));
  CHECK(rotation.scene.published() == rotation.first.fingerprint);
}

TEST_CASE("a plugin that misbehaves is a hook that failed, and harms nobody") {
  struct Case {
    std::string reload;
    std::string part;
  };
  std::string const fine = R"({"ok":true})";
  for (Case const& plugin :
       {Case{"sleep 600", "did not end within 3s and was killed"},
        Case{"yes " + std::string(60, 'x'), "within 3s"},
        Case{"head -c 5000000 /dev/zero | tr '\\0' x", "more than 64 KiB"},
        Case{"kill -9 $$", "was ended by signal 9"}, Case{"exit 3", "exited with 3"},
        Case{"echo 'no such app' >&2; exit 3", "exited with 3: no such app"},
        Case{says(R"({"ok":false,"message":"no luck"})") + "; exit 1", "exited with 1: no luck"},
        Case{says(fine) + "; exit 1", "exited with 1"}, Case{":", "not one JSON object"},
        Case{"echo done", "not one JSON object"},
        Case{says(fine) + "; " + says(fine), "not one JSON object"},
        Case{says(R"({"version":2,"ok":true})"), "speaks version 2"},
        Case{says(R"({"message":"done"})"), "no \"ok\""}}) {
    CAPTURE(plugin.reload);
    Rotation const rotation({.reload = plugin.reload});
    CHECK(rotation.line.event == "rolled_back");
    CAPTURE(rotation.line.message);
    CHECK(rotation.says(plugin.part));
    CHECK(rotation.scene.published() == rotation.first.fingerprint);
  }
}

TEST_CASE("a plugin that lies is found out by the probe") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  install(scene, {});
  scene.probes = "[[certificate.probe]]\naddress = \"127.0.0.1:1\"\ntimeout = \"500ms\"\n";
  scene.run();
  Pair const second = scene.issue();
  scene.offer(second);
  CHECK(scene.daemon().ending_of(second.fingerprint).event == "rolled_back");
  CHECK(scene.published() == first.fingerprint);
}

TEST_CASE("what a plugin prints of a key is not logged") {
  Rotation const rotation({.reload = "cat \"$CERTPIVOT_KEY_FILE\" >&2; " + Script().reload});
  // The scene looks for the key in all that was printed.
  CHECK(rotation.line.event == "committed");
}

TEST_CASE("a plugin that others may write is not run") {
  Scene scene;
  Pair const first = scene.issue();
  scene.publish_first(first);
  install(scene, {});
  ::chmod((scene.directory / "plugins/certpivot-app").c_str(), 0775);
  scene.run();
  Pair const second = scene.issue();
  scene.offer(second);
  LogLine const line = scene.daemon().ending_of(second.fingerprint);
  CHECK(line.event == "failed");
  CHECK(line.message.find("its group or others may write it") != std::string::npos);
  CHECK(!std::filesystem::exists(scene.directory / "questions"));
}

TEST_CASE("check judges a plugin's keys by what it describes, whatever is in force") {
  Scene scene;
  install(scene, {.check = says(R"({"ok":false,"message":"the app is down"})")});
  scene.hooks += "prot = 1\n";
  scene.offer(scene.issue());
  Outcome const wrong = scene.command({"check", "-c", scene.config()});
  CHECK(wrong.exit_code == 2);
  CHECK(wrong.out.find("unknown key 'prot'") != std::string::npos);
  install(scene, {.check = says(R"({"ok":false,"message":"the app is down"})")});
  Outcome const down = scene.command({"check", "-c", scene.config()});
  CAPTURE(down.out);
  CHECK(down.exit_code == 1);
  CHECK(down.out.find("the app is down (no harm where the server starts after this pair)") !=
        std::string::npos);
}
