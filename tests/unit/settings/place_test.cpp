#include <doctest/doctest.h>

#include "reading.hpp"

using namespace certpivot::testing;

TEST_CASE("a syntax error is one complaint at the place where TOML ends") {
  auto const found = complaints("[agent]\nstate = /var\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].rfind("x.toml:2:9: ", 0) == 0);
}

TEST_CASE("a key given twice is a complaint at the second one") {
  auto const found = below("poll = \"1s\"\n poll = \"2s\"\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].rfind("x.toml:6:", 0) == 0);
  CHECK(found[0].find("'poll'") != std::string::npos);
}

TEST_CASE("text that is not UTF-8 is one complaint at the first such byte") {
  auto const found = complaints("[agent]\nstate = \"\xff\"\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].rfind("x.toml:2:9: ", 0) == 0);
  CHECK(found[0].find("utf-8") != std::string::npos);
}

TEST_CASE("a key with more dots than the parser survives is refused before it is parsed") {
  std::string key = "a";
  for (int i = 0; i < 400'000; ++i) key += ".a";
  CHECK(complaints("# one\n" + key + " = 1\n") ==
        Sentences{"x.toml:2:1: more than 1000 dots in one line; break it into several"});
}

TEST_CASE("an unknown key is told at its place, with the nearest known one where one is close") {
  CHECK(below("  pol = \"1s\"\n") ==
        Sentences{"x.toml:5:3: unknown key 'pol'; did you mean 'poll'?"});
  CHECK(below("colour = \"red\"\n") == Sentences{"x.toml:5:1: unknown key 'colour'"});
  CHECK(below("[certificate.sorce]\n") ==
        Sentences{"x.toml:5:14: unknown key 'sorce'; did you mean 'source'?"});
  CHECK(below("[expire]\n") ==
        Sentences{"x.toml:5:2: unknown key 'expire'; did you mean 'expiry'?"});
  CHECK(below("[agent.log]\nformt = \"text\"\n") ==
        Sentences{"x.toml:6:1: unknown key 'formt'; did you mean 'format'?"});
}

TEST_CASE("an unknown key cannot forge a line of the report") {
  CHECK(below("\"a\\nb\" = 1\n") == Sentences{"x.toml:5:1: unknown key 'a\\u000Ab'"});
}

TEST_CASE("missing required keys are told at the place of their table") {
  CHECK(complaints("\n[[certificate]]\n") ==
        Sentences{"x.toml:2:1: required key 'certificate.name' is missing",
                  "x.toml:2:1: required key 'certificate.source' is missing"});
  CHECK(complaints("[[certificate]]\nname = \"a\"\n  [certificate.source]\n") ==
        Sentences{"x.toml:3:3: required key 'certificate.source.directory' is missing"});
  CHECK(below("[certificate.publish]\n") ==
        Sentences{"x.toml:5:1: required key 'certificate.publish.directory' is missing"});
  CHECK(below("[[certificate.probe]]\n[[certificate.hook]]\n") ==
        Sentences{"x.toml:5:1: required key 'certificate.probe.address' is missing",
                  "x.toml:6:1: required key 'certificate.hook.type' is missing"});
  CHECK(below("[[certificate.hook]]\ntype = \"signal\"\n[[certificate.hook]]\ntype = \"exec\"\n") ==
        Sentences{"x.toml:5:1: required key 'certificate.hook.signal' is missing",
                  "x.toml:5:1: required key 'certificate.hook.pidfile' is missing",
                  "x.toml:7:1: required key 'certificate.hook.command' is missing"});
}

TEST_CASE("a file without a certificate is a complaint about the file") {
  Sentences const expected{"x.toml: no certificate to manage; add a [[certificate]]"};
  CHECK(complaints("") == expected);
  CHECK(complaints("[agent]\n") == expected);
  CHECK(complaints("certificate = []\n") == expected);
}

TEST_CASE("all complaints come in one go, in the order of their places") {
  CHECK(
      complaints("[expiry]\n"
                 "warning = 30\n"
                 "[[certificate]]\n"
                 "naem = \"web\"\n"
                 "[certificate.publish]\n"
                 "keep = 1\n"
                 "directory = \"certs\"\n"
                 "[certificate.source]\n"
                 "directory = 7\n"
                 "grace = \"soon\"\n"
                 "[agent]\n"
                 "listen = \"127.0.0.1:9964\"\n") ==
      Sentences{
          "x.toml:2:11: 'expiry.warning' must be a duration such as \"30d\" or a percentage such "
          "as "
          "\"33%\", but is an integer",
          "x.toml:3:1: required key 'certificate.name' is missing",
          "x.toml:4:1: unknown key 'naem'; did you mean 'name'?",
          "x.toml:6:8: 'certificate.publish.keep' must be from 2 to 1000, not 1",
          "x.toml:7:13: 'certificate.publish.directory' must be an absolute path, not \"certs\"",
          "x.toml:9:13: 'certificate.source.directory' must be a string, but is an integer",
          "x.toml:10:9: 'certificate.source.grace' must be a duration such as \"500ms\", \"10s\", "
          "\"5m\", \"12h\" or \"30d\", not \"soon\"",
          "x.toml:12:10: 'agent.listen' is not supported by this build; leave it out"});
}

TEST_CASE("a complaint about an entry of an array is told at the entry") {
  CHECK(below("[certificate.trust]\nnames = [\"a\",\n  3, \"\"]\n") ==
        Sentences{
            "x.toml:7:3: an entry of 'certificate.trust.names' must be a string, but is an integer",
            "x.toml:7:6: an entry of 'certificate.trust.names' must not be empty"});
}
