#include "settings/flags.hpp"

#include <doctest/doctest.h>

#include "reading.hpp"

using namespace certpivot;
using namespace certpivot::testing;
using settings::Flags;
using settings::from_flags;

namespace {

Flags const least_flags{.source = "/mnt/certpivot-test/web"};

Sentences complaints_of(Flags const& flags) { return sentences(from_flags(flags)); }

}  // namespace

TEST_CASE("flags leave the defaults that a file leaves, and no state") {
  auto const all = from_flags(least_flags).value();
  CHECK(all.agent.state.empty());
  REQUIRE(all.certificates.size() == 1);
  settings::Certificate expected;
  expected.name = "default";
  expected.source.directory = "/mnt/certpivot-test/web";
  expected.source.find_names = true;
  CHECK(all.certificates[0] == expected);
}

TEST_CASE("every flag arrives as its value") {
  Flags const flags{.source = "/mnt/certpivot-test/web",
                    .certificate = "cert.pem",
                    .key = "key.pem",
                    .ca = "root.pem",
                    .anchors = "system",
                    .publish = "/run/certpivot-test/web",
                    .name = "web",
                    .signal = "SIGHUP",
                    .pidfile = "/run/certpivot-test.pid"};
  auto const web = from_flags(flags).value().certificates.at(0);
  settings::Certificate expected;
  expected.name = "web";
  expected.source = {.directory = "/mnt/certpivot-test/web",
                     .certificate = "cert.pem",
                     .key = "key.pem",
                     .ca = "root.pem",
                     .ca_required = true};
  expected.trust.anchors = "system";
  expected.publish = settings::Publish{.directory = "/run/certpivot-test/web"};
  expected.hooks = {
      {.type = "signal", .signal = {.signal = "HUP", .pidfile = "/run/certpivot-test.pid"}}};
  CHECK(web == expected);
}

TEST_CASE("an exec flag is split at blanks, without a shell") {
  Flags flags = least_flags;
  flags.exec = "  /bin/certpivot-test  'a b'\t$HOME ";
  auto const web = from_flags(flags).value().certificates.at(0);
  REQUIRE(web.hooks.size() == 1);
  CHECK(web.hooks[0].type == "exec");
  CHECK(web.hooks[0].exec.command == Sentences{"/bin/certpivot-test", "'a", "b'", "$HOME"});
}

TEST_CASE("absolute names need no source flag, and then there is no default ca") {
  auto const source = from_flags({.certificate = "/a/tls.crt", .key = "/b/tls.key"})
                          .value()
                          .certificates.at(0)
                          .source;
  CHECK(source.directory.empty());
  CHECK(source.ca.empty());
  CHECK(complaints_of({.certificate = "/a/tls.crt"}) ==
        Sentences{"--source is missing, and not all names are absolute paths"});
  CHECK(complaints_of({.certificate = "/a/tls.crt", .key = "/a/tls.key", .ca = "ca.crt"}) ==
        Sentences{"--source is missing, and not all names are absolute paths"});
}

TEST_CASE("all that is wrong with the flags is told in one go") {
  CHECK(complaints_of({.source = "certs",
                       .key = "dir/",
                       .anchors = "ca.pem",
                       .publish = "out",
                       .name = ".x",
                       .signal = "HUPP",
                       .exec = "reload now"}) ==
        Sentences{
            "--name must be 1 to 64 letters, digits, '.', '_' or '-', and not begin with '.', not "
            "\".x\"",
            "--source must be an absolute path, not \"certs\"",
            "--key must name a file, not the directory \"dir/\"",
            "--anchors must be \"system\" or an absolute path, not \"ca.pem\"",
            "--publish must be an absolute path, not \"out\"",
            "--signal and --exec are two ways; give one of them",
            "--signal needs --pidfile to know whom it is for",
            "--signal must be a signal such as \"HUP\" or its number, not \"HUPP\"",
            "--exec must begin with a program, which must be an absolute path, not \"reload\""});
}

TEST_CASE("a pidfile without a signal and a command of blanks are complaints") {
  Flags flags = least_flags;
  flags.pidfile = "/run/certpivot-test.pid";
  CHECK(complaints_of(flags) == Sentences{"--pidfile needs --signal: none is sent by default"});
  flags = least_flags;
  flags.exec = "  ";
  CHECK(complaints_of(flags) == Sentences{"--exec must name a program"});
}

TEST_CASE("publishing into the source is refused for flags too") {
  Flags flags = least_flags;
  flags.publish = "/mnt/certpivot-test/web/out";
  CHECK(complaints_of(flags) ==
        Sentences{"--publish must lie outside the source directory \"/mnt/certpivot-test/web\""});
}
