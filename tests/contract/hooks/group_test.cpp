#include <algorithm>
#include <filesystem>

#include <doctest/doctest.h>

#include "support/nginx.hpp"
#include "support/scene.hpp"
#include "support/tls_look.hpp"

using namespace certpivot::testing;

namespace {

namespace fs = std::filesystem;

/// Many certificates behind the same hook.
struct Many {
  explicit Many(int number) {
    scene.directory.write("anchors.pem", scene.authority.pem());
    for (int i = 1; i < number; ++i) names.push_back("c" + std::to_string(i));
    for (std::string const& name : names) sources.push_back(scene.directory.make(name));
    sources.push_back(scene.source);
  }
  Many(int number, std::string const& hook) : Many(number) { put_behind(hook); }
  void put_behind(std::string const& hook) {
    scene.hooks = hook;
    for (std::string const& name : names)
      scene.more +=
          "[[certificate]]\nname = \"" + name + "\"\n[certificate.source]\ndirectory = \"" +
          (scene.directory / name).string() + "\"\n[certificate.trust]\nanchors = \"" +
          (scene.directory / "anchors.pem").string() + "\"\n[certificate.publish]\ndirectory = \"" +
          (scene.directory / (name + "-published")).string() + "\"\n" + hook;
  }
  /// A new pair for each, one behind the other.
  void offer(Pair const& pair) const {
    for (fs::path const& source : sources)
      for (auto const& [name, text] : scene.contents(pair)) rename_over(source / name, text);
  }
  void wait_for(std::string const& event, std::size_t count) {
    wait_until(event, [&] { return scene.daemon().all(event).size() >= count; });
  }

  Scene scene = Scene();
  std::vector<std::string> names = {};  ///< but that of the scene's own
  std::vector<fs::path> sources = {};
};

std::size_t lines_of(fs::path const& file) {
  if (!fs::exists(file)) return 0;
  std::string const text = read_file(file);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("a hundred certificates that change at once behind one hook are one run of it") {
  TempDirectory const place;
  fs::path const runs = place / "runs";
  Many many(100,
            exec_hook({"/bin/sh", "-c", "echo run >> " + runs.string()}, "group = \"server\"\n"));
  many.offer(many.scene.issue());
  many.scene.run();
  many.wait_for("committed", 100);
  CHECK(lines_of(runs) == 1);
  // The sources are written one behind the other: who is noticed later may miss the first run, and
  // then is in the next.
  many.offer(many.scene.issue());
  many.wait_for("committed", 200);
  CHECK(lines_of(runs) <= 3);
}

TEST_CASE("a hundred certificates that change at once behind one nginx are one reload of it") {
  Many many(100);
  many.scene.publish_first(many.scene.issue());
  Nginx const nginx({.publish = many.scene.publish});
  many.put_behind(nginx.hook("group = \"nginx\"\n"));
  Pair const second = many.scene.issue();
  many.offer(second);
  many.scene.run();
  many.wait_for("committed", 100);
  std::string const log = nginx.error_log();
  auto const reload = log.find("(SIGHUP) received");
  REQUIRE(reload != std::string::npos);
  CHECK(log.find("(SIGHUP) received", reload + 1) == std::string::npos);
  wait_until("the last old worker is gone",
             [&] { return look_at(nginx.port()).fingerprint == second.fingerprint; });
}

TEST_CASE("hooks of certificates that have nothing to do with each other run in parallel") {
  TempDirectory const place;
  std::string const begun = (place / "begun").string();
  // Each waits until all have begun.
  Many many(20, exec_hook({"/bin/sh", "-c",
                           "echo >> " + begun + "; while [ $(wc -l < " + begun +
                               ") -lt 20 ]; do sleep 0.02; done"},
                          "timeout = \"60s\"\n"));
  many.offer(many.scene.issue());
  many.scene.run();
  many.wait_for("committed", 20);
  CHECK(many.scene.daemon().all("failed").empty());
}

TEST_CASE("when the one run of a group fails, each of its certificates goes back") {
  TempDirectory const place;
  std::string const bad = (place / "bad").string();
  // The server takes nothing while what it reads holds a pair that it does not like.
  Many many(3,
            exec_hook({"/bin/sh", "-c", "test ! -e " + bad}, "group = \"server\"\nretries = 0\n"));
  many.offer(many.scene.issue());
  Daemon& daemon = many.scene.run();
  many.wait_for("committed", 3);
  write_file(bad, "");
  many.offer(many.scene.issue());
  many.wait_for("rolled_back", 3);
  CHECK(daemon.all("committed").size() == 3);
}
