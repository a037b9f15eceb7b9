#include <doctest/doctest.h>

#include "support/machine.hpp"
#include "support/port.hpp"
#include "support/recipe.hpp"
#include "support/scene.hpp"
#include "support/tls_look.hpp"

using namespace certpivot::testing;

namespace {

/// A certpivot and an nginx in a machine of their own.
struct Stage {
  Scene scene = Scene();
  int port = free_port();
  Pair first = scene.issue();

  Stage() {
    scene.publish_first(first);
    std::string const home = scene.directory.string();
    // At this level OpenSSL refuses RSA keys of 2048 bits, which certpivot has no reason to.
    scene.directory.write(
        "nginx.conf",
        "user root;\npid " + home + "/nginx.pid;\nerror_log " + home +
            "/error.log;\nevents { worker_connections 64; }\nhttp {\n  access_log off;\n"
            "  server {\n    listen 127.0.0.1:" +
            std::to_string(port) + " ssl;\n    ssl_ciphers DEFAULT@SECLEVEL=3;\n" +
            "    ssl_certificate " + scene.publish.string() + "/current/tls.crt;\n" +
            "    ssl_certificate_key " + scene.publish.string() + "/current/tls.key;\n" +
            "    location / { return 200 \"served\\n\"; }\n  }\n}\n");
    scene.probes = "[[certificate.probe]]\naddress = \"127.0.0.1:" + std::to_string(port) +
                   "\"\nserver_name = \"web.internal\"\n";
  }

  std::map<std::string, std::string> units() const {
    std::string const nginx = "/usr/sbin/nginx -q -c " + scene.directory.string() + "/nginx.conf";
    return {{"web.service", "[Service]\nExecStart=" + nginx + " -g 'daemon off;'\nExecReload=" +
                                nginx + " -t\nExecReload=/bin/kill -HUP $MAINPID\n"},
            {"masked.service", ""},  // an empty file is the same as a link to /dev/null
            {"stubborn.service", "[Service]\nExecStart=/bin/sleep infinity\n"},
            {"broken.service",
             "[Service]\nType=oneshot\nRemainAfterExit=yes\n"
             "ExecStart=/bin/sh -c 'exit 3'\n"}};
  }

  std::string hook(std::string const& keys) const {
    return "[[certificate.hook]]\nretries = 0\n" + keys;
  }
};

std::string said(Outcome const& outcome) { return outcome.out + outcome.err; }

bool holds(Outcome const& outcome, std::string const& text) {
  return said(outcome).find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("units of a real systemd are reloaded, restarted and signalled, and say why they fail") {
  if (!Machine::possible()) return;
  Stage stage;
  Scene& scene = stage.scene;
  Machine const machine(stage.units(), scene.directory.path());
  REQUIRE(machine.run({"/usr/bin/systemctl", "start", "web", "stubborn"}).exit_code == 0);
  auto const main_pid = [&] {
    return machine.run({"/usr/bin/systemctl", "show", "--value", "-p", "MainPID", "web"}).out;
  };
  auto const rotate = [&](std::string const& keys, Pair const& pair) {
    scene.hooks = stage.hook(keys);
    scene.offer(pair);
    return machine.run({certpivot_binary(), "once", "-c", scene.config()});
  };
  std::string const web = "type = \"systemd\"\nunit = \"web.service\"\n";
  // Old workers overlap with new ones for some 100 ms.
  auto const is_served = [&](Pair const& pair) {
    wait_until("nginx serves it",
               [&] { return look_at(stage.port).fingerprint == pair.fingerprint; });
  };
  is_served(stage.first);
  auto const pid = main_pid();

  Pair last = scene.issue();
  for (std::string const& keys :
       {web, web + "action = \"try-reload-or-restart\"\n",
        std::string("type = \"signal\"\nsignal = \"HUP\"\nunit = \"web.service\"\n")}) {
    last = scene.issue();
    auto const done = rotate(keys, last);
    CHECK_MESSAGE(done.exit_code == 0, said(done));
    is_served(last);
    CHECK(main_pid() == pid);
  }

  Pair const weak = scene.issue({.key = rsa(2048)});
  auto const refused = rotate(web, weak);
  CHECK(refused.exit_code != 0);
  CHECK_MESSAGE(holds(refused,
                      "systemd did not reload web.service: it failed: result exit-code, "
                      "/usr/sbin/nginx exited with 1; journalctl -u web.service says more"),
                said(refused));
  CHECK(holds(refused, "rolled_back"));
  is_served(last);
  CHECK(main_pid() == pid);

  last = scene.issue();
  auto const restarted = rotate(web + "action = \"restart\"\n", last);
  CHECK_MESSAGE(restarted.exit_code == 0, said(restarted));
  is_served(last);
  CHECK(main_pid() != pid);

  std::string text = recipe("systemd-unit.toml");
  put(text, "/mnt/certs/app", scene.source);
  put(text, "/run/certs/app", scene.publish);
  put(text, "/etc/pki/internal-ca.pem", scene.directory / "anchors.pem");
  put(text, "app.service", "web.service");
  put(text, "app.internal", "web.internal");
  put(text, "127.0.0.1:443", "127.0.0.1:" + std::to_string(stage.port));
  std::string const agent = "[agent]\nstate = \"" + (scene.directory / "state2").string() + "\"\n";
  auto const recipe_file = scene.directory.write("systemd-unit.toml", agent + text);
  last = scene.issue();
  scene.offer(last);
  auto const by_recipe = machine.run({certpivot_binary(), "once", "-c", recipe_file});
  CHECK_MESSAGE(by_recipe.exit_code == 0, said(by_recipe));
  is_served(last);

  struct Row {
    std::string keys;
    char const* words;
  };
  for (auto const& [keys, words] :
       {Row{"type = \"systemd\"\nunit = \"none.service\"\n",
            "there is no unit none.service: systemd finds no file for it"},
        Row{"type = \"systemd\"\nunit = \"masked.service\"\naction = \"restart\"\n",
            "the unit is masked masked.service; systemctl unmask masked.service"},
        Row{"type = \"systemd\"\nunit = \"stubborn.service\"\n",
            "cannot reload stubborn.service: it has no ExecReload="},
        Row{"type = \"systemd\"\nunit = \"broken.service\"\n",
            "there is nothing to reload in broken.service: it is inactive"},
        Row{"type = \"systemd\"\nunit = \"broken.service\"\naction = \"restart\"\n",
            "systemd did not restart broken.service: it failed: result exit-code, /bin/sh exited "
            "with 3"},
        Row{"type = \"signal\"\nsignal = \"HUP\"\nunit = \"broken.service\"\n",
            "there is no main process of broken.service"},
        Row{"type = \"signal\"\nsignal = \"HUP\"\nunit = \"stubborn.service\"\n",
            "it has no handler for HUP"}}) {
    auto const failed = rotate(keys, scene.issue());
    CHECK(failed.exit_code != 0);
    CHECK_MESSAGE(holds(failed, words), said(failed));
    is_served(last);
  }
}
