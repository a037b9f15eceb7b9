#include <sstream>

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

TEST_CASE("in JSON every line is an object with time, level and message") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/echo", "two\\nlines with \\\"quotes\\\""});
  Daemon& daemon = scene.run();
  Pair const pair = scene.issue({.common_name = "a \"quoted\"\nname"});
  scene.offer(pair);
  CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
  std::istringstream lines(daemon.output());
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    CAPTURE(line);
    auto const object = boost::json::parse(line).as_object();
    CHECK(object.contains("time"));
    CHECK(object.contains("level"));
    CHECK(object.contains("message"));
  }
  CHECK(count > 3);
}

TEST_CASE("in text a rollout is a line a step, with nothing of the key in it") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  std::string text = read_file(scene.config());
  text.replace(text.find("\"json\""), 6, "\"text\"");
  std::string const config = scene.directory.write("text.toml", text);
  Pair const pair = scene.issue();
  scene.offer(pair);
  Outcome const outcome = scene.command({"once", "-c", config});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.find("event=committed") != std::string::npos);
  CHECK(outcome.err.find("generation=1") != std::string::npos);
  CHECK(outcome.err.find("web") != std::string::npos);
  CHECK(outcome.err.find('{') == std::string::npos);
}

TEST_CASE("a private key that a hook prints is left out of the log, what stands around it stays") {
  Pair const pair = certpivot::testing::Authority().issue();
  for (int const exit_code : {0, 1}) {
    Scene scene;
    scene.hooks = exec_hook(
        {"/bin/sh", "-c",
         "echo before; cat $CERTPIVOT_KEY_FILE; echo after; exit " + std::to_string(exit_code)},
        "retries = 0\n");
    for (auto const& [name, text] : scene.contents(pair)) {
      rename_over(scene.source / name, text);
    }
    rename_over(scene.directory / "anchors.pem", pair.certificate_pem);
    Outcome const outcome = scene.command({"once", "-c", scene.config()});
    CHECK(outcome.exit_code == (exit_code == 0 ? 0 : 70));
    CHECK_FALSE(holds_key_bytes(outcome.out + outcome.err, pair.key_pem));
    for (char const* const text : {"before", "[a private key was left out here]", "after"}) {
      CAPTURE(text);
      CHECK(outcome.err.find(text) != std::string::npos);
    }
  }
}

TEST_CASE("what every test looks for, key bytes in the output, would be found there") {
  Pair const pair = certpivot::testing::Authority().issue();
  Scene scene;
  scene.hooks = exec_hook({"/bin/sh", "-c", "echo MARK; exit 1"}, "retries = 0\n");
  scene.offer(pair);
  rename_over(scene.directory / "anchors.pem", pair.certificate_pem);
  std::string output = scene.command({"once", "-c", scene.config()}).err;
  REQUIRE(output.find("MARK") != std::string::npos);
  CHECK_FALSE(holds_key_bytes(output, pair.key_pem));
  // As the log would tell it, had the hook said a line of the key instead.
  std::istringstream lines(pair.key_pem);
  for (std::string line; std::getline(lines, line);) {
    if (line.size() < 32 || line.starts_with("-----")) continue;
    std::string leak = output;
    leak.replace(leak.find("MARK"), 4, line);
    CHECK(holds_key_bytes(leak, pair.key_pem));
  }
  output.replace(output.find("MARK"), 4, pair.key_pem);
  CHECK(holds_key_bytes(output, pair.key_pem));
}
