#include "support/recipe.hpp"

#include <iostream>
#include <optional>

#include <doctest/doctest.h>

#include "clock_server.hpp"
#include "day.hpp"
#include "node.hpp"
#include "plugin.hpp"

using namespace certpivot::testing;

namespace {

/// A recipe with its paths below the scene's directory.
class Recipe {
 public:
  explicit Recipe(std::string const& name) : text_(recipe(name)) {
    put(text_, "/mnt/certs/app", scene.source);
    put(text_, "/run/certs/app", scene.publish);
    put(text_, "/etc/pki/internal-ca.pem", scene.directory / "anchors.pem");
    volume.write(scene.contents(first));
    place_first_pair();
  }

  void replace(std::string const& from, std::string const& to) { put(text_, from, to); }

  /// Starts certpivot beside the server, and a client that shows the first pair.
  void run(ClockServer const& server) {
    put(text_, "127.0.0.1:8443", server.address());
    daemon.emplace(write_config(refusing_hook(scene)));
    daemon->wait_until_settled();
    day.emplace(scene, *daemon, ClockClient{server.port(), scene.authority.pem(), &first},
                [this](Pair const& pair) {
                  Contents files = scene.contents(pair);
                  files["ca.crt"] = bundle;
                  volume.write(files);
                });
  }

  /// Five rotations, a new CA for clients beside the old one, a broken pair, and one that another
  /// hook refuses.
  void spend_the_day(ClockServer& server) {
    day->rotate_five_times();
    change_authority(server);
    day->offer_a_broken_pair();
    day->offer_one_that_is_rolled_back();
    CHECK(day->failures() == std::vector<std::string>{});
    CHECK(daemon->stop() == 0);
    CHECK_FALSE(holds_key_bytes(daemon->output() + server.output(), first.key_pem));
    CHECK(server.stop() == 0);
  }

  Scene scene = {};
  AtomicWriter volume{scene.source};
  Pair first = scene.issue();
  std::string bundle = scene.authority.pem();
  std::optional<Daemon> daemon = {};
  std::optional<Day> day = {};

 private:
  [[nodiscard]] std::string write_config(std::string const& more = {}) const {
    return scene.directory.write(
        "recipe.toml", "[agent]\nstate = \"" + (scene.directory / "state").string() +
                           "\"\nlog = { format = \"json\" }\nplugins = \"" + plugins_ + "\"\n\n" +
                           text_ + more);
  }

  // As the recipe's comment says; one that says nothing starts without a pair, and gets it here.
  void place_first_pair() {
    std::vector<std::string> const alone{"once", "--source", scene.source, "--publish",
                                         scene.publish};
    bool const says_how = text_.find("ExecStartPre") != std::string::npos;
    Outcome const once =
        scene.command(says_how ? std::vector<std::string>{"once", "-c", write_config()} : alone);
    // 70: it is published, and nobody is there yet who could be told.
    REQUIRE_MESSAGE((once.exit_code == 0 || once.exit_code == 70), once.err);
    REQUIRE(scene.published() == first.fingerprint);
  }

  void change_authority(ClockServer const& server) {
    certpivot::testing::Authority const other;
    Pair const stranger = other.issue({.purpose = Purpose::client});
    ClockClient const client{server.port(), scene.authority.pem(), &stranger};
    CHECK(client.now() != "");
    bundle += other.pem();
    day->offer(scene.issue());
    wait_until("the new CA's client is none", [&] { return client.now().empty(); });
  }

  std::string plugins_ = install_grpc_plugin(scene.directory).string();
  std::string text_;
};

}  // namespace

TEST_CASE("the recipe for gRPC in C++ works as written: called over a socket, no call fails") {
  Recipe recipe("grpc-cpp.toml");
  std::string const socket = "unix:" + (recipe.scene.directory / "reload.sock").string();
  recipe.replace("unix:/run/app/reload.sock", socket);
  ClockServer server(
      {.publish = recipe.scene.publish, .clients = true, .more = {"--reload", socket}});
  recipe.run(server);
  recipe.spend_the_day(server);
}

TEST_CASE("the recipe for gRPC's file watcher works as written: a probe alone, no call fails") {
  Recipe recipe("grpc-cpp-watcher.toml");
  ClockServer server({.publish = recipe.scene.publish, .clients = true, .more = {"--watch", "1"}});
  recipe.run(server);
  recipe.spend_the_day(server);
}

TEST_CASE("the recipe for gRPC in Node works as written: at SIGHUP, no call fails") {
  std::string const missing = install_node_example();
  if (!missing.empty()) {
    std::cout << "\nSKIPPED: npm cannot fetch @grpc/grpc-js: " << missing << "\n";
    return;
  }
  Recipe recipe("node-grpc.toml");
  std::string const pidfile = recipe.scene.directory / "app.pid";
  recipe.replace("/run/app/app.pid", pidfile);
  ClockServer server({.program = node_program(),
                      .publish = recipe.scene.publish,
                      .clients = true,
                      .more = {"--pidfile", pidfile}});
  recipe.run(server);
  recipe.spend_the_day(server);
}
