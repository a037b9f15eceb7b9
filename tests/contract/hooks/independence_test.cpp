#include <doctest/doctest.h>

#include "support/fuse_mount.hpp"
#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

/// A second certificate, which has nothing to do with the first.
void add_other(Scene& scene) {
  scene.more = "[[certificate]]\nname = \"other\"\n[certificate.source]\ndirectory = \"" +
               scene.directory.make("other").string() + "\"\n[certificate.trust]\nanchors = \"" +
               (scene.directory / "anchors.pem").string() +
               "\"\n[certificate.publish]\ndirectory = \"" +
               (scene.directory / "other-published").string() + "\"\n" + exec_hook({"/bin/true"});
}

void rotate_other(Scene& scene) {
  for (int turn = 0; turn < 3; ++turn) {
    Pair const other = scene.issue();
    for (auto const& [name, text] : scene.contents(other)) {
      rename_over(scene.directory / "other" / name, text);
    }
    CHECK(scene.daemon().ending_of(other.fingerprint).event == "committed");
  }
}

}  // namespace

TEST_CASE("a hook that hangs delays no other certificate, and no two rollouts of one overlap") {
  Scene scene;
  std::string const began = scene.directory / "began";
  std::string const gate = scene.directory / "gate";
  scene.hooks = exec_hook({"/bin/sh", "-c",
                           "echo $CERTPIVOT_FINGERPRINT >> " + began + "; while [ ! -e " + gate +
                               " ]; do sleep 0.02; done"},
                          "timeout = \"60s\"\n");
  add_other(scene);
  Daemon& daemon = scene.run();
  Pair const first = scene.issue();
  scene.offer(first);
  wait_until("the hook hangs", [&] { return std::filesystem::exists(began); });

  rotate_other(scene);
  // A second version of the one that hangs waits for its turn.
  Pair const second = scene.issue();
  scene.offer(second);
  let_it_be_seen();
  CHECK(read_file(began) == first.fingerprint + "\n");
  CHECK(scene.published() == first.fingerprint);
  scene.directory.write("gate", "open");
  CHECK(daemon.ending_of(first.fingerprint).event == "committed");
  CHECK(daemon.ending_of(second.fingerprint).event == "committed");
}

TEST_CASE("a mount that hangs delays only the certificate that needs it, wherever it does") {
  if (!FuseMount::possible()) return;
  for (std::string const on_it : {"source", "pidfile", "program"}) {
    CAPTURE(on_it);
    Scene scene;
    auto const behind = scene.directory.make("behind");
    auto const mounted = scene.directory.make("mounted");
    scene.directory.write("behind/pid", std::to_string(::getpid()) + "\n");
    scene.directory.write("behind/reload", "#!/bin/sh\n", 0755);
    FuseMount const mount(behind, mounted);
    std::string const place = mounted.string();
    if (on_it == "source")
      scene.source_keys = "directory = \"" + place + "\"\npoll = \"200ms\"\n";
    else if (on_it == "pidfile")
      scene.hooks = "[[certificate.hook]]\ntype = \"signal\"\nsignal = \"WINCH\"\npidfile = \"" +
                    place + "/pid\"\n";
    else
      scene.hooks = exec_hook({place + "/reload"});
    add_other(scene);
    Daemon& daemon = scene.run();
    daemon.wait_until_settled();
    mount.hang();
    Pair const pair = scene.issue();
    if (on_it != "source") scene.offer(pair);
    rotate_other(scene);
    if (on_it == "source")
      CHECK(scene.published().empty());
    else
      wait_until("its hook hangs", [&] { return scene.published() == pair.fingerprint; });
    mount.answer_again();
    if (on_it == "source")
      for (auto const& [name, text] : scene.contents(pair)) rename_over(behind / name, text);
    CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
  }
}
