#include <boost/json.hpp>
#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

TEST_CASE("version names certpivot, OpenSSL and each plugin") {
  Scene scene;
  Outcome const text = scene.command({"version"});
  CHECK(text.exit_code == 0);
  for (char const* const word : {"certpivot", "OpenSSL 3.", "signal", "exec", "nginx"}) {
    CAPTURE(word);
    CHECK(text.out.find(word) != std::string::npos);
  }
  Outcome const json = scene.command({"version", "--format", "json"});
  CHECK(json.exit_code == 0);
  auto const object = boost::json::parse(json.out).as_object();
  CHECK(object.contains("certpivot"));
  CHECK(object.contains("openssl"));
  CHECK(object.at("plugins").as_object().contains("nginx"));
}

TEST_CASE("version names external plugins without running them") {
  Scene scene;
  auto const plugin = scene.directory.write(
      "plugins/certpivot-app", "#!/bin/sh\ntouch " + scene.directory.string() + "/ran\n", 0755);
  std::vector<std::string> const directory{"--plugins", plugin.parent_path().string()};
  Outcome const text = scene.command({"version", directory[0], directory[1]});
  CHECK(text.out.find("plugin app " + plugin.string() + "\n") != std::string::npos);
  Outcome const json = scene.command({"version", "--format", "json", directory[0], directory[1]});
  auto const plugins = boost::json::parse(json.out).as_object().at("plugins").as_object();
  REQUIRE(plugins.contains("app"));
  CHECK(plugins.at("app").as_string() == plugin.string());
  CHECK(!std::filesystem::exists(scene.directory / "ran"));
}

TEST_CASE("every command has its help") {
  Scene scene;
  for (std::string const verb : {"run", "once", "check", "version"}) {
    CAPTURE(verb);
    Outcome const outcome = scene.command({verb, "--help"});
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.out.find(verb) != std::string::npos);
    CHECK(outcome.err.empty());
  }
  CHECK(scene.command({"--help"}).out.find("check") != std::string::npos);
}

TEST_CASE("a wrong command line says 64 and what is wrong with it") {
  Scene scene;
  for (std::vector<std::string> const& arguments :
       {std::vector<std::string>{},
        {"rnu"},
        {"run", "--no-such-flag"},
        {"check", "--format", "xml"},
        {"once", "--timeout", "soon", "--source", "/x"}}) {
    Outcome const outcome = scene.command(arguments);
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == 64);
    CHECK_FALSE(outcome.err.empty());
    CHECK(outcome.out.empty());
  }
}

TEST_CASE("a command that is none is named, with the one that may be meant") {
  Scene scene;
  CHECK(scene.command({"chekc", "--format", "json"}).err ==
        "certpivot: there is no command 'chekc'; did you mean 'check'?\n");
  CHECK(scene.command({"frobnicate"}).err == "certpivot: there is no command 'frobnicate'\n");
}

TEST_CASE("the version is there as a flag, too") {
  Scene scene;
  Outcome const outcome = scene.command({"--version"});
  CHECK(outcome.exit_code == 0);
  CHECK(scene.command({"version"}).out.starts_with(outcome.out));
}

TEST_CASE("an answer that cannot be written is a failure") {
  Outcome const outcome =
      run_program({"/bin/sh", "-c", certpivot_binary() + " version >/dev/full"});
  CHECK(outcome.exit_code == 70);
  CHECK(outcome.err == "certpivot: cannot write the answer to standard output\n");
}

TEST_CASE("an answer that nobody reads is a failure, not a signal's end") {
  TempDirectory const directory;
  std::string const pipe = directory / "pipe";
  Outcome const outcome = run_program({"/bin/sh", "-c",
                                       "mkfifo " + pipe + " && exec 3<>" + pipe + " 4>" + pipe +
                                           " 3<&- && exec " + certpivot_binary() + " version >&4"});
  CHECK(outcome.exit_code == 70);
  CHECK(outcome.err == "certpivot: cannot write the answer to standard output\n");
}

TEST_CASE("a configuration file and flags exclude each other") {
  Scene scene;
  CHECK(scene.command({"once", "-c", scene.config(), "--source", "/x"}).exit_code == 64);
  CHECK(scene.command({"check", "-c", scene.config(), "--certificate", "/x", "--key", "/y"})
            .exit_code == 64);
}
