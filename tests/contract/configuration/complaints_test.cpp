#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

TEST_CASE("every complaint comes in one go, each with file, line, column and the nearest key") {
  Scene scene;
  std::string const file = scene.directory.write("bad.toml",
                                                 "[[certificate]]\n"
                                                 "name = \"web\"\n"
                                                 "[certificate.source]\n"
                                                 "directry = \"/somewhere\"\n"
                                                 "poll = 60\n"
                                                 "[[certificate]]\n"
                                                 "name = \"web\"\n");
  for (std::string const verb : {"run", "once", "check"}) {
    CAPTURE(verb);
    Outcome const outcome = scene.command({verb, "-c", file});
    CHECK(outcome.exit_code == 78);
    CHECK(outcome.err.find(file + ":4:1: ") != std::string::npos);
    CHECK(outcome.err.find("'directory'") != std::string::npos);
    CHECK(outcome.err.find(file + ":5:") != std::string::npos);
    CHECK(outcome.err.find(file + ":7:") != std::string::npos);
  }
  CHECK_FALSE(std::filesystem::exists("/somewhere"));
}

TEST_CASE("a key whose function is not in this build is refused, not ignored") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  scene.more = "[expiry]\noverdue = \"50%\"\n";
  Outcome const outcome = scene.command({"run", "-c", scene.config()});
  CHECK(outcome.exit_code == 78);
  CHECK(outcome.err.find("not supported by this build") != std::string::npos);
}

TEST_CASE("a file that is not there is a configuration failure") {
  Scene scene;
  Outcome const outcome = scene.command({"run", "-c", "/nowhere/certpivot.toml"});
  CHECK(outcome.exit_code == 78);
  CHECK(outcome.err.find("/nowhere/certpivot.toml") != std::string::npos);
  CHECK(outcome.err.find("No such file or directory") != std::string::npos);
}

TEST_CASE("included files bring their certificates") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  auto const pair = scene.issue();
  scene.offer(pair);
  std::string const whole = read_file(scene.config());
  auto const begin = whole.find("[[certificate]]");
  scene.directory.write("conf.d/web.toml", whole.substr(begin));
  std::string const file = scene.directory.write("main.toml", whole.substr(0, begin));
  Outcome const outcome = scene.command({"once", "-c", file});
  CHECK(outcome.exit_code == 0);
  CHECK(scene.published() == pair.fingerprint);
}
