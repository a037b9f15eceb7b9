#include <algorithm>
#include <filesystem>

#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

namespace fs = std::filesystem;

/// Many certificates behind the same hook.
struct Many {
  Many(int number, std::string const& hook) {
    scene.directory.write("anchors.pem", scene.authority.pem());
    scene.hooks = hook;
    for (int i = 1; i < number; ++i) {
      std::string const name = "c" + std::to_string(i);
      fs::path const place = scene.directory.make(name);
      sources.push_back(place);
      scene.more +=
          "[[certificate]]\nname = \"" + name + "\"\n[certificate.source]\ndirectory = \"" +
          place.string() + "\"\n[certificate.trust]\nanchors = \"" +
          (scene.directory / "anchors.pem").string() + "\"\n[certificate.publish]\ndirectory = \"" +
          (scene.directory / (name + "-published")).string() + "\"\n" + hook;
    }
    sources.push_back(scene.source);
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
