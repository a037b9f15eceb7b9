#include <sstream>

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;
using certpivot::support::Pair;

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

TEST_CASE("what every test looks for, key bytes in the log, would be found there") {
  Pair const pair = certpivot::support::Authority().issue();
  Scene scene;
  // A hook that prints the key is the one way to get it into the log: it is told as the hook's
  // words.
  scene.hooks = exec_hook({"/bin/sh", "-c", "cat $CERTPIVOT_KEY_FILE; exit 1"}, "retries = 0\n");
  scene.offer(pair);
  rename_over(scene.directory / "anchors.pem", pair.certificate_pem);
  Outcome const outcome = certpivot::testing::certpivot({"once", "-c", scene.config()});
  CHECK(outcome.exit_code == 70);
  CHECK(holds_key_bytes(outcome.err, pair.key_pem));
}
