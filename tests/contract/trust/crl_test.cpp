#include "support/crl.hpp"

#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

/// A scene whose hook notes each of its runs, and which looks only where a change is noticed.
struct Listed {
  explicit Listed(std::string const& source_keys, std::string const& trust_keys) {
    scene.source_keys += "poll = \"1h\"\n" + source_keys;
    scene.trust_keys += "revocation = \"crl\"\n" + trust_keys;
    scene.hooks = exec_hook({"/bin/sh", "-c", "echo run >> " + runs.string()});
  }
  [[nodiscard]] std::size_t hook_runs() const { return read_file(runs).size() / 4; }

  Scene scene = Scene();
  std::filesystem::path runs = scene.directory / "runs";
};

}  // namespace

TEST_CASE("a new CRL alone becomes a new generation and runs the hook") {
  Listed listed("crl = \"ca.crl\"\n", "");
  Scene& scene = listed.scene;
  Pair const pair = scene.issue();
  rename_over(scene.source / "ca.crl", crl(scene.authority));
  scene.offer(pair);
  Daemon& daemon = scene.run();
  CHECK(daemon.next("committed").generation == 1);
  rename_over(scene.source / "ca.crl", crl(scene.authority, {.number = 2}));
  CHECK(daemon.next("committed").generation == 2);
  CHECK(scene.published() == pair.fingerprint);
  CHECK(listed.hook_runs() == 2);
}

TEST_CASE("a CRL that lists the certificate in force changes nothing that is published") {
  Listed listed("crl = \"ca.crl\"\n", "");
  Scene& scene = listed.scene;
  Pair const pair = scene.issue();
  rename_over(scene.source / "ca.crl", crl(scene.authority));
  scene.offer(pair);
  Daemon& daemon = scene.run();
  CHECK(daemon.next("committed").generation == 1);
  rename_over(scene.source / "ca.crl", crl(scene.authority, {.entries = {{pair.serial}}}));
  CHECK(daemon.next("refused").reasons == "revoked");
  CHECK(scene.generation() == 1);
  CHECK(listed.hook_runs() == 1);
}

TEST_CASE("a CRL beside the source is waited for, watched, and named when it is missing") {
  TempDirectory const place;
  auto const file = place / "lists/ca.crl";
  Listed listed("", "crl_files = [\"" + file.string() + "\"]\n");
  Scene& scene = listed.scene;
  Pair const pair = scene.issue();
  scene.offer(pair);
  Daemon& daemon = scene.run();
  LogLine const refused = daemon.next("refused");
  CHECK(refused.reasons == "crl_unavailable");
  CHECK(refused.message.find(file.string()) != std::string::npos);
  // The next look is an hour away, unless the change is noticed.
  place.write("lists/ca.crl", crl(scene.authority));
  CHECK(daemon.next("committed").generation == 1);
  CHECK(scene.published() == pair.fingerprint);

  Pair const revoked = scene.issue();
  rename_over(file, crl(scene.authority, {.entries = {{revoked.serial}}, .number = 2}));
  scene.offer(revoked);
  CHECK(daemon.ending_of(revoked.fingerprint).reasons == "revoked");
  CHECK(scene.published() == pair.fingerprint);
}
