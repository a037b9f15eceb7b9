#include <doctest/doctest.h>

#include "reading.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot::testing;

namespace {

std::string const publish = "[certificate.publish]\ndirectory = \"/run/certpivot-test/web\"\n";
std::string const hook = "[[certificate.hook]]\n";
std::string const probe = "[[certificate.probe]]\n";
std::string const trust = "[certificate.trust]\n";

}  // namespace

TEST_CASE("a value of the wrong type is told with the type it has") {
  CHECK(below("poll = 60\n") ==
        Sentences{"x.toml:5:8: 'certificate.source.poll' must be a duration such as \"500ms\", "
                  "\"10s\", \"5m\", \"12h\" or \"30d\", but is an integer"});
  CHECK(below(trust + "allow_older = \"yes\"\n") ==
        Sentences{
            "x.toml:6:15: 'certificate.trust.allow_older' must be true or false, but is a string"});
  CHECK(below(trust + "min_rsa_bits = 2048.0\n") ==
        Sentences{"x.toml:6:16: 'certificate.trust.min_rsa_bits' must be an integer, but is a "
                  "floating-point number"});
  CHECK(below(trust + "names = \"web\"\n") ==
        Sentences{
            "x.toml:6:9: 'certificate.trust.names' must be an array of strings, but is a string"});
  CHECK(below(trust + "purpose = false\n") ==
        Sentences{"x.toml:6:11: 'certificate.trust.purpose' must be a string, but is a boolean"});
  CHECK(
      below(trust + "min_remaining = [\"0s\"]\n") ==
      Sentences{"x.toml:6:17: 'certificate.trust.min_remaining' must be a duration such as \"30d\" "
                "or a percentage such as \"33%\", but is an array"});
  CHECK(below(publish + "key_mode = 0o640\n") ==
        Sentences{"x.toml:7:12: 'certificate.publish.key_mode' must be an octal string such as "
                  "\"0640\", but is an integer"});
  CHECK(below("[agent]\nlog = \"debug\"\n") ==
        Sentences{"x.toml:6:7: 'agent.log' must be a table, written [agent.log], but is a string"});
}

TEST_CASE("tables and arrays of tables are told apart") {
  CHECK(complaints("[certificate]\nname = \"web\"\n") ==
        Sentences{"x.toml:1:1: 'certificate' must be an array of tables, written [[certificate]], "
                  "but is a table"});
  CHECK(below("[certificate.hook]\ntype = \"nginx\"\n") ==
        Sentences{"x.toml:5:1: 'certificate.hook' must be an array of tables, written "
                  "[[certificate.hook]], but is a table"});
  CHECK(
      below("[[certificate.trust]]\n") ==
      Sentences{"x.toml:5:1: 'certificate.trust' must be a table, written [certificate.trust], but "
                "is an array"});
  CHECK(complaints("certificate = [1]\n") ==
        Sentences{"x.toml:1:16: an entry of 'certificate' must be a table, but is an integer"});
}

TEST_CASE("numbers and durations have bounds") {
  CHECK(below("poll = \"0s\"\n") ==
        Sentences{"x.toml:5:8: 'certificate.source.poll' must be from 100ms to 30d, not \"0s\""});
  CHECK(below("grace = \"25h\"\n") ==
        Sentences{"x.toml:5:9: 'certificate.source.grace' must be from 0ms to 1d, not \"25h\""});
  CHECK(below(probe + "address = \"a:1\"\nhandshakes = 0\n") ==
        Sentences{"x.toml:7:14: 'certificate.probe.handshakes' must be from 1 to 1000, not 0"});
  CHECK(below(hook + "type = \"nginx\"\nretries = -1\ntimeout = \"0s\"\n") ==
        Sentences{"x.toml:7:11: 'certificate.hook.retries' must be from 0 to 100, not -1",
                  "x.toml:8:11: 'certificate.hook.timeout' must be from 1ms to 1d, not \"0s\""});
  CHECK(
      below(trust + "min_rsa_bits = 9999999999\nmin_ec_bits = 1\n") ==
      Sentences{
          "x.toml:6:16: 'certificate.trust.min_rsa_bits' must be from 512 to 16384, not 9999999999",
          "x.toml:7:15: 'certificate.trust.min_ec_bits' must be from 112 to 571, not 1"});
}

TEST_CASE("a word that is none of its key's is told with all of them and the nearest") {
  CHECK(
      below(trust + "purpose = \"sever\"\n") ==
      Sentences{"x.toml:6:11: 'certificate.trust.purpose' must be \"server\", \"client\", \"both\" "
                "or \"any\", not \"sever\"; did you mean \"server\"?"});
  CHECK(below("[agent.log]\nlevel = \"loud\"\n") ==
        Sentences{
            "x.toml:6:9: 'agent.log.level' must be \"debug\", \"info\", \"notice\", \"warning\" "
            "or \"error\", not \"loud\""});
}

TEST_CASE("a certificate's name becomes part of paths and must be fit for it") {
  for (std::string const name : {"", ".web", "a/b", "a b", "\xC3\xA4", "../x"}) {
    CAPTURE(name);
    auto const found = complaints("[[certificate]]\nname = \"" + name +
                                  "\"\nsource.directory = \"/mnt/certpivot-test/a\"\n");
    REQUIRE(found.size() == 1);
    CHECK(found[0].rfind("x.toml:2:8: 'certificate.name' must be 1 to 64 letters", 0) == 0);
  }
  auto const named = [](std::size_t length) {
    return complaints("[[certificate]]\nname = \"" + std::string(length, 'a') +
                      "\"\nsource.directory = \"/mnt/certpivot-test/a\"\n");
  };
  CHECK(named(64).empty());
  CHECK(named(65).size() == 1);
}

TEST_CASE("modes that would open a key or run a file are refused") {
  CHECK(
      below(publish + "key_mode = \"0644\"\n") ==
      Sentences{"x.toml:7:12: 'certificate.publish.key_mode' must keep a private key from others, "
                "but 0644 does not; \"0640\" does"});
  for (std::string const mode : {"0755", "4644", "2644", "1644"})
    CHECK(below(publish + "certificate_mode = \"" + mode + "\"\n") ==
          Sentences{"x.toml:7:20: 'certificate.publish.certificate_mode' must not have execute, "
                    "setuid, setgid or sticky bits, as " +
                    mode + " has"});
  CHECK(
      below(publish + "certificate_mode = \"0666\"\n") ==
      Sentences{"x.toml:7:20: 'certificate.publish.certificate_mode' must not let everybody write, "
                "as 0666 does"});
  CHECK(
      below(publish + "key_mode = \"0040\"\n") ==
      Sentences{"x.toml:7:12: 'certificate.publish.key_mode' must let the owner read, as 0040 does "
                "not"});
  CHECK(below(publish + "key_mode = \"0888\"\n") ==
        Sentences{"x.toml:7:12: 'certificate.publish.key_mode' must be an octal string such as "
                  "\"0640\", not \"0888\""});
}

TEST_CASE("thresholds take at most one duration and one percentage, and in their order") {
  CHECK(
      below("[expiry]\nwarning = [\"30d\", \"33%\", \"20d\"]\n") ==
      Sentences{"x.toml:6:26: an entry of 'expiry.warning' is a second duration; give at most one "
                "duration and one percentage"});
  CHECK(below("[expiry]\nwarning = [\"1%\", \"2%\"]\ncritical = \"1%\"\n") ==
        Sentences{
            "x.toml:6:18: an entry of 'expiry.warning' is a second percentage; give at most one "
            "duration and one percentage"});
  CHECK(
      below("[expiry]\nwarning = \"101%\"\n") ==
      Sentences{"x.toml:6:11: 'expiry.warning' must be a duration such as \"30d\" or a percentage "
                "such as \"33%\", not \"101%\""});
  CHECK(below("[certificate.expiry]\ncritical = \"31d\"\n") ==
        Sentences{"x.toml:6:12: 'certificate.expiry.critical' must not be reached before "
                  "'certificate.expiry.warning'"});
}

TEST_CASE("paths must be absolute where nothing says what they are relative to") {
  CHECK(below("[agent]\nstate = \"state\"\n") ==
        Sentences{"x.toml:6:9: 'agent.state' must be an absolute path, not \"state\""});
  CHECK(
      below(trust + "anchors = \"ca.pem\"\n") ==
      Sentences{"x.toml:6:11: 'certificate.trust.anchors' must be \"system\" or an absolute path, "
                "not \"ca.pem\""});
  CHECK(below(hook + "type = \"exec\"\ncommand = [\"reload\"]\n") ==
        Sentences{
            "x.toml:7:11: 'certificate.hook.command' must begin with a program, which must be an "
            "absolute path, not \"reload\""});
  CHECK(below(hook +
              "type = \"nginx\"\nconfig = \"nginx.conf\"\npidfile = \"\"\nbinary = \"nginx\"\n") ==
        Sentences{
            "x.toml:7:10: 'certificate.hook.config' must be an absolute path, not \"nginx.conf\"",
            "x.toml:8:11: 'certificate.hook.pidfile' must not be empty",
            "x.toml:9:10: 'certificate.hook.binary' must be an absolute path, not \"nginx\""});
  CHECK(
      complaints("[[certificate]]\nname = \"a\"\n[certificate.source]\ndirectory = \"certs\"\n") ==
      Sentences{"x.toml:4:13: 'certificate.source.directory' must be an absolute path, not "
                "\"certs\""});
  CHECK(
      complaints("[[certificate]]\nname = \"a\"\n[certificate.source]\ncertificate = \"/a/c\"\n") ==
      Sentences{"x.toml:3:1: required key 'certificate.source.directory' is missing"});
}

TEST_CASE("a path that is a file where a directory is meant, or the reverse, is a complaint") {
  TempDirectory const directory;
  std::string const file = directory.write("file", "").string();
  auto const at = [](std::string const& path) { return "\"" + path + "\"\n"; };
  CHECK(below("[agent]\nstate = " + at(file)) ==
        Sentences{"x.toml:6:9: 'agent.state' must be a directory, but \"" + file + "\" is a file"});
  CHECK(complaints("[[certificate]]\nname = \"a\"\nsource.directory = " + at(file)) ==
        Sentences{"x.toml:3:20: 'certificate.source.directory' must be a directory, but \"" + file +
                  "\" is a file"});
  CHECK(below("[certificate.publish]\ndirectory = " + at(file + "/below")) ==
        Sentences{"x.toml:6:13: 'certificate.publish.directory' can't be \"" + file +
                  "/below\": Not a directory"});
  CHECK(below(trust + "anchors = " + at(directory.string())) ==
        Sentences{"x.toml:6:11: 'certificate.trust.anchors' must be a file, but \"" +
                  directory.string() + "\" is a directory"});
}

TEST_CASE("a bundle beside a certificate is a complaint") {
  CHECK(below("bundle = \"a.pem\"\nkey = \"tls.key\"\n") ==
        Sentences{"x.toml:5:10: 'certificate.source.bundle' stands instead of 'certificate' and "
                  "'key'; leave those out or this"});
}

TEST_CASE("what revocation and relaxation take is checked") {
  CHECK(below("[certificate.trust]\nrevocation = \"clr\"\ncrl_files = [1, \"a.crl\"]\n"
              "ocsp_url = \"ldap://a\"\nrelax = [\"missing_key_usag\"]\n") ==
        Sentences{
            "x.toml:6:14: 'certificate.trust.revocation' must be \"off\", \"crl\" or \"ocsp\", "
            "not \"clr\"; did you mean \"crl\"?",
            "x.toml:7:14: an entry of 'certificate.trust.crl_files' must be a string, but is an "
            "integer",
            "x.toml:7:17: an entry of 'certificate.trust.crl_files' must be an absolute path, not "
            "\"a.crl\"",
            "x.toml:8:12: 'certificate.trust.ocsp_url' must be a URL with http://, not "
            "\"ldap://a\"",
            "x.toml:9:10: an entry of 'certificate.trust.relax' is no check that could be relaxed: "
            "\"missing_key_usag\"; did you mean 'missing_key_usage'?"});
}

TEST_CASE("each further file has a plain name of its own") {
  CHECK(
      below(publish + "combined = \"a.pem\"\nchain = \"a.pem\"\nkey_der = \"../k\"\n"
                      "fullchain = \"tls.crt\"\npkcs12 = { fiel = \"a\" }\n") ==
      Sentences{
          "x.toml:8:9: 'certificate.publish.chain' is the name of 'certificate.publish.combined' "
          "too, \"a.pem\"; give each file one of its own",
          "x.toml:9:11: 'certificate.publish.key_der' must be 1 to 64 letters, digits, '.', '_' "
          "or '-', and not begin with '.', not \"../k\"",
          "x.toml:10:13: 'certificate.publish.fullchain' must not be \"tls.crt\", which certpivot "
          "makes itself",
          "x.toml:11:10: required key 'certificate.publish.pkcs12.file' is missing",
          "x.toml:11:12: unknown key 'fiel'; did you mean 'file'?"});
}

TEST_CASE("names of source files must be names of files") {
  CHECK(below("certificate = \"\"\nkey = \"dir/\"\n") ==
        Sentences{
            "x.toml:5:15: 'certificate.source.certificate' must not be empty",
            "x.toml:6:7: 'certificate.source.key' must name a file, not the directory \"dir/\""});
}

TEST_CASE("a NUL character is refused in every text") {
  CHECK(below("key = \"tls\\u0000.key\"\n") ==
        Sentences{"x.toml:5:7: 'certificate.source.key' must not hold a NUL character"});
}

TEST_CASE("an address without a host, a port or the brackets of IPv6 is a complaint") {
  for (std::string const address : {"", "web", "web:", ":443", "web:0", "web:65536", "web:4x",
                                    "::1:443", "[web]:443", "[]:443", "https://web:443", "a b:1"}) {
    CAPTURE(address);
    auto const found = below(probe + "address = \"" + address + "\"\n");
    REQUIRE(found.size() == 1);
    CHECK(found[0].rfind("x.toml:6:11: 'certificate.probe.address' must be host:port, [IPv6 "
                         "address]:port or unix:/path, not \"" +
                             address + "\"",
                         0) == 0);
  }
}

TEST_CASE("a socket's path that is relative, or longer than one can be, is a complaint") {
  std::string const start = "x.toml:6:11: 'certificate.probe.address' must have ";
  auto const socket = [](std::string const& path) {
    return below(probe + "address = \"unix:" + path + "\"\n");
  };
  CHECK(socket("run/web.sock") ==
        Sentences{start + "an absolute path after unix:, not \"run/web.sock\""});
  CHECK(socket("") == Sentences{start + "an absolute path after unix:, not \"\""});
  CHECK(socket("/" + std::string(106, 'a')).empty());
  CHECK(socket("/" + std::string(107, 'a')) ==
        Sentences{start + "a path of at most 107 bytes after unix:, as unix(7) has it"});
}

TEST_CASE("what is no signal is a complaint") {
  for (std::string const signal : {"", "0", "65", "HUPP", "SIG", "1x"})
    CHECK(below(hook + "type = \"signal\"\npidfile = \"/run/x.pid\"\nsignal = \"" + signal +
                "\"\n") ==
          Sentences{"x.toml:8:10: 'certificate.hook.signal' must be a signal such as \"HUP\" or "
                    "\"SIGUSR1\" or its number, not \"" +
                    signal + "\""});
}

TEST_CASE("a command without a program or with empty words is a complaint") {
  CHECK(below(hook + "type = \"exec\"\ncommand = []\n") ==
        Sentences{"x.toml:7:11: 'certificate.hook.command' must name a program"});
  CHECK(below(hook + "type = \"exec\"\ncommand = [\"/bin/x\", \"\"]\n") ==
        Sentences{"x.toml:7:22: an entry of 'certificate.hook.command' must not be empty"});
}
