#include <array>

#include <doctest/doctest.h>

#include "reading.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using namespace certpivot::testing;

namespace {

std::string refusal(std::string const& place, std::string const& key) {
  return "x.toml:" + place + ": '" + key + "' is not supported by this build; leave it out";
}

}  // namespace

TEST_CASE("keys of later functions are refused by their full name") {
  std::string const agent = "[agent]\ninclude = []\n";
  for (auto const& [table, key, value] : std::vector<std::array<std::string, 3>>{
           {agent, "agent.socket", "\"/run/c.sock\""},
           {agent, "agent.listen", "\"127.0.0.1:9964\""},
           {"[expiry]\nwarning = \"90%\"\n", "expiry.overdue", "\"50%\""},
           {"[expiry]\nwarning = \"90%\"\n", "expiry.repeat", "\"24h\""},
           {"[certificate.expiry]\nwarning = \"90%\"\n", "certificate.expiry.overdue",
            "\"50%\""}}) {
    std::string const name = key.substr(key.rfind('.') + 1);
    CHECK(below(table + name + " = " + value + "\n") ==
          Sentences{refusal("7:" + std::to_string(name.size() + 4), key)});
  }
}

TEST_CASE("keys of later functions are typed and checked all the same") {
  CHECK(
      below("[expiry]\noverdue = \"half\"\n") ==
      Sentences{"x.toml:6:11: 'expiry.overdue' must be a duration such as \"30d\" or a percentage "
                "such as \"33%\", not \"half\""});
}

TEST_CASE(
    "a signal goes to the process of a pidfile, a unit or an executable, and to one of them") {
  std::string const hook = "[[certificate.hook]]\ntype = \"signal\"\nsignal = \"HUP\"\n";
  for (std::string const way :
       {"pidfile = \"/run/x.pid\"", "unit = \"x.service\"", "process = \"x\""})
    CHECK(below(hook + way + "\n") == Sentences{});
  CHECK(
      below(hook + "pidfile = \"/run/x.pid\"\nprocess = \"x\"\n") ==
      Sentences{"x.toml:7:10: 'certificate.hook.signal' goes to one process: give one of pidfile, "
                "unit and process"});
  CHECK(below(hook + "unit = \"x\"\n") ==
        Sentences{"x.toml:8:8: 'certificate.hook.unit' must be a unit's whole name, such as "
                  "\"nginx.service\", not \"x\""});
}

TEST_CASE("a systemd hook names a unit, and one of three actions") {
  std::string const hook = "[[certificate.hook]]\ntype = \"systemd\"\n";
  using Action = settings::Hook::Systemd::Action;
  auto const read = [&](std::string const& keys) {
    return certificate(least + hook + keys).hooks.at(0).systemd;
  };
  CHECK(read("unit = \"a.service\"\n") == settings::Hook::Systemd{"a.service", Action::reload});
  CHECK(read("unit = \"a@b.service\"\naction = \"try-reload-or-restart\"\n").action ==
        Action::try_reload_or_restart);
  CHECK(read("unit = \"a.service\"\naction = \"restart\"\n").action == Action::restart);
  CHECK(below(hook) == Sentences{"x.toml:5:1: required key 'certificate.hook.unit' is missing"});
  CHECK(below(hook + "unit = \"a\"\naction = \"start\"\n") ==
        Sentences{"x.toml:7:8: 'certificate.hook.unit' must be a unit's whole name, such as "
                  "\"nginx.service\", not \"a\"",
                  "x.toml:8:10: 'certificate.hook.action' must be \"reload\", "
                  "\"try-reload-or-restart\" or \"restart\", not \"start\""});
}

TEST_CASE("a hook type that comes later is refused once") {
  CHECK(below("[[certificate.hook]]\ntype = \"child\"\n") ==
        Sentences{"x.toml:6:8: hook type 'child' is not supported by this build"});
}

TEST_CASE("an unknown hook type is told with the nearest, and where its plugin would be") {
  CHECK(below("[[certificate.hook]]\ntype = \"ngnix\"\nanything = 1\nretries = \"two\"\n") ==
        Sentences{"x.toml:6:8: unknown hook type 'ngnix', and no plugin "
                  "/usr/libexec/certpivot/certpivot-ngnix; did you mean 'nginx'?",
                  "x.toml:8:11: 'certificate.hook.retries' must be an integer, but is a string"});
  CHECK(below("[[certificate.hook]]\ntype = \"../sh\"\n") ==
        Sentences{"x.toml:6:8: unknown hook type '../sh', and no plugin "
                  "/usr/libexec/certpivot/certpivot-../sh"});
}

TEST_CASE("a type that has an executable in the plugins' directory is an external hook") {
  TempDirectory const directory;
  directory.write("certpivot-mail-server", "");
  auto const read =
      settings::read_text("[agent]\nplugins = \"" + directory.string() +
                              "\"\n[[certificate]]\nname = \"a\"\nsource.directory = \"/mnt/t/a\"\n"
                              "[[certificate.hook]]\ntype = \"mail-server\"\ntimeout = \"3s\"\n"
                              "port = 25\nnames = [\"a\", \"b\"]\n",
                          "x.toml");
  REQUIRE(read);
  settings::Hook const& hook = read->certificates.at(0).hooks.at(0);
  CHECK(hook.external.program == (directory / "certpivot-mail-server").string());
  CHECK(hook.external.config == "{\n\"names\" : [\n\"a\",\n\"b\"\n],\n\"port\" : 25\n}");
  CHECK(hook.timeout == std::chrono::seconds(3));
}

TEST_CASE("a number that JSON does not have is no key of a plugin") {
  TempDirectory const directory;
  directory.write("certpivot-app", "");
  for (std::string const value : {"nan", "-inf", "[1.0, inf]", "{ a = nan }"}) {
    CAPTURE(value);
    auto const read = settings::read_text(
        "[agent]\nplugins = \"" + directory.string() +
            "\"\n[[certificate]]\nname = \"a\"\nsource.directory = \"/mnt/t/a\"\n"
            "[[certificate.hook]]\ntype = \"app\"\nx = " +
            value + "\n",
        "x.toml");
    REQUIRE(!read);
    CHECK(read.error().at(0).sentence() ==
          "x.toml:8:5: 'certificate.hook.x' must be a finite number: plugins get JSON");
  }
}

TEST_CASE("a key of another hook type is told with the types that have it") {
  CHECK(below("[[certificate.hook]]\ntype = \"exec\"\ncommand = [\"/bin/certpivot-test\"]\n"
              "pidfile = \"/run/x.pid\"\nurl = \"http://a\"\n") ==
        Sentences{"x.toml:8:1: unknown key 'pidfile' for hook type 'exec'; it belongs to 'signal', "
                  "'nginx'",
                  "x.toml:9:1: unknown key 'url' for hook type 'exec'; it belongs to 'http'"});
  CHECK(below("[[certificate.hook]]\ntype = \"nginx\"\npidfil = \"/run/x.pid\"\n") ==
        Sentences{"x.toml:7:1: unknown key 'pidfil'; did you mean 'pidfile'?"});
}

TEST_CASE("alerts come later, but are checked now") {
  CHECK(below("[[alert]]\ntype = \"alertmanager\"\nurl = \"http://a\"\non = [\"expired\"]\n") ==
        Sentences{refusal("5:1", "alert")});
  CHECK(
      below("[[alert]]\ntype = \"http\"\nurl = \"a\"\non = [\"expierd\"]\nto = 1\n") ==
      Sentences{refusal("5:1", "alert"),
                "x.toml:7:7: 'alert.url' must be a URL with http:// or https://, not \"a\"",
                "x.toml:8:7: an entry of 'alert.on' is no kind of alert: \"expierd\"; did you mean "
                "\"expired\"?",
                "x.toml:9:1: unknown key 'to'"});
  CHECK(below("[[alert]]\n[[alert]]\ntype = \"exec\"\n") ==
        Sentences{"x.toml:5:1: required key 'alert.type' is missing", refusal("5:1", "alert"),
                  "x.toml:6:1: required key 'alert.command' is missing", refusal("6:1", "alert")});
  CHECK(below("[[alert]]\ntype = \"alertmanger\"\n") ==
        Sentences{
            refusal("5:1", "alert"),
            "x.toml:6:8: unknown alert type 'alertmanger'; did you mean 'alertmanager'? External "
            "plugins are not supported by this build"});
}
