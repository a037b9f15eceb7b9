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
  /// The first pair, once it is in force.
  Pair commit_first() {
    Pair pair = scene.issue();
    scene.offer(pair);
    CHECK(scene.run().next("committed").generation == 1);
    return pair;
  }
  [[nodiscard]] std::size_t hook_runs() const { return read_file(runs).size() / 4; }

  Scene scene = Scene();
  std::filesystem::path runs = scene.directory / "runs";
};

/// The same with the CRL in a file of its own, outside of the source.
struct ListedBeside : Listed {
  ListedBeside() : Listed("", "") {
    scene.trust_keys += "crl_files = [\"" + file.string() + "\"]\n";
  }
  void issue_crl(CrlOptions const& options = {}) const {
    rename_over(file, crl(scene.authority, options));
  }

  TempDirectory place = TempDirectory();
  std::filesystem::path file = place.make("lists") / "ca.crl";
};

}  // namespace

TEST_CASE("a new CRL alone becomes a new generation and runs the hook") {
  Listed listed("crl = \"ca.crl\"\n", "");
  Scene& scene = listed.scene;
  rename_over(scene.source / "ca.crl", crl(scene.authority));
  Pair const pair = listed.commit_first();
  Daemon& daemon = scene.daemon();
  std::string const second = crl(scene.authority, {.number = 2});
  rename_over(scene.source / "ca.crl", second);
  CHECK(daemon.next("committed").generation == 2);
  CHECK(read_file(scene.publish / "ca.crl") == second);
  CHECK(scene.published() == pair.fingerprint);
  CHECK(listed.hook_runs() == 2);
}

TEST_CASE("a CRL that lists the certificate in force is an error at once, and nothing is swapped") {
  Listed listed("crl = \"ca.crl\"\n", "");
  Scene& scene = listed.scene;
  rename_over(scene.source / "ca.crl", crl(scene.authority));
  Pair const pair = listed.commit_first();
  Daemon& daemon = scene.daemon();
  std::string const revoking = crl(scene.authority, {.entries = {{pair.serial}}});
  rename_over(scene.source / "ca.crl", revoking);
  LogLine const line = daemon.next("revoked");
  CHECK(line.level == "error");
  CHECK(line.generation == 1);
  CHECK(line.reasons == "revoked");
  CHECK(line.fingerprint == pair.fingerprint);
  CHECK(daemon.next("refused").reasons == "revoked");
  // The CRL is good, and those whom it revokes must not get in any longer.
  LogLine const crl_alone = daemon.next("committed");
  CHECK(crl_alone.generation == 2);
  CHECK(crl_alone.fingerprint == pair.fingerprint);
  CHECK(read_file(scene.publish / "ca.crl") == revoking);
  CHECK(listed.hook_runs() == 2);

  // Not even an older one is kept out.
  Pair const older = scene.issue({.not_before = pair.not_before - std::chrono::hours(1)});
  scene.offer(older);
  CHECK(daemon.ending_of(older.fingerprint).event == "committed");
}

TEST_CASE(
    "a CRL beside the source that lists what is in force is an error, whatever the source holds") {
  ListedBeside listed;
  Scene& scene = listed.scene;
  listed.issue_crl();
  Pair const pair = scene.issue();
  scene.offer(pair);
  Daemon& daemon = scene.run();
  CHECK(daemon.next("committed").generation == 1);
  rename_over(scene.source / "tls.crt", "no certificate any more");
  CHECK(daemon.next("refused").reasons == "malformed_certificate");
  listed.issue_crl({.entries = {{pair.serial}}, .number = 2});
  CHECK(daemon.next("revoked").fingerprint == pair.fingerprint);
  CHECK(daemon.all("revoked").size() == 1);
  CHECK(scene.published() == pair.fingerprint);
}

TEST_CASE("a CRL beside the source is waited for, watched, and named when it is missing") {
  ListedBeside listed;
  Scene& scene = listed.scene;
  Pair const pair = scene.issue();
  scene.offer(pair);
  Daemon& daemon = scene.run();
  LogLine const refused = daemon.next("refused");
  CHECK(refused.reasons == "crl_unavailable");
  CHECK(refused.message.find(listed.file.string()) != std::string::npos);
  // The next look is an hour away, unless the change is noticed.
  listed.issue_crl();
  CHECK(daemon.next("committed").generation == 1);
  CHECK(scene.published() == pair.fingerprint);

  Pair const revoked = scene.issue();
  listed.issue_crl({.entries = {{revoked.serial}}, .number = 2});
  scene.offer(revoked);
  CHECK(daemon.ending_of(revoked.fingerprint).reasons == "revoked");
  CHECK(scene.published() == pair.fingerprint);
}

TEST_CASE("that nobody can tell any more whether what is in force is revoked is a warning") {
  ListedBeside listed;
  Scene& scene = listed.scene;
  listed.issue_crl();
  (void)listed.commit_first();
  Daemon& daemon = scene.daemon();
  std::filesystem::remove(listed.file);
  daemon.wait_for_text("generation 1 in force: cannot tell whether it is revoked: ");
  listed.issue_crl({.number = 2});
  daemon.wait_for_text("generation 1 in force: it is not revoked, which can be told again");
  CHECK(scene.generation() == 1);
}

TEST_CASE("the end of the CRL in force is an error, at the moment and at the next start") {
  Listed listed("crl = \"ca.crl\"\n", "");
  Scene& scene = listed.scene;
  rename_over(scene.source / "ca.crl",
              crl(scene.authority, {.next_update = from_now(std::chrono::seconds(3))}));
  (void)listed.commit_first();
  std::string const sentence = "the CRL of CN=Test CA in force expired at";
  scene.daemon().wait_for_text(sentence);
  CHECK(scene.generation() == 1);
  scene.run().wait_for_text(sentence);
}

TEST_CASE("of several CRLs each is told when it ends") {
  Listed listed("crl = \"ca.crl\"\n", "");
  Scene& scene = listed.scene;
  Authority const other({.common_name = "Other"});
  auto const soon = from_now(std::chrono::seconds(2));
  rename_over(scene.source / "ca.crl",
              crl(scene.authority, {.next_update = soon}) +
                  crl(other, {.next_update = soon + std::chrono::seconds(1)}));
  (void)listed.commit_first();
  scene.daemon().wait_for_text("the CRL of CN=Test CA in force expired at");
  scene.daemon().wait_for_text("the CRL of CN=Other in force expired at");
}

TEST_CASE("without a publish directory a certificate in use that is revoked is an error, too") {
  ListedBeside listed;
  Scene& scene = listed.scene;
  listed.issue_crl();
  Pair const pair = scene.issue();
  scene.offer(pair);
  std::string const config = scene.config();
  std::string text = read_file(config);
  auto const from = text.find("[certificate.publish]");
  write_file(config, text.erase(from, text.find("[[certificate.hook]]") - from));
  Daemon daemon(config);
  CHECK(daemon.next("committed").fingerprint == pair.fingerprint);
  listed.issue_crl({.entries = {{pair.serial}}, .number = 2});
  LogLine const line = daemon.next("revoked");
  CHECK(line.fingerprint == pair.fingerprint);
  CHECK(line.reasons == "revoked");
  CHECK(daemon.stop() == 0);
}

TEST_CASE("an expired CRL is not published, though nothing is checked by it") {
  Scene scene;
  scene.source_keys += "crl = \"ca.crl\"\n";
  rename_over(scene.source / "ca.crl",
              crl(scene.authority, {.next_update = from_now(std::chrono::seconds(-1))}));
  scene.offer(scene.issue());
  Daemon& daemon = scene.run();
  LogLine const refused = daemon.next("refused");
  CHECK(refused.reasons == "crl_expired");
  CHECK(refused.message.find("take source.crl out of the configuration") != std::string::npos);
  CHECK(scene.generation() == 0);
  std::string const present = crl(scene.authority, {.number = 2});
  rename_over(scene.source / "ca.crl", present);
  CHECK(daemon.next("committed").generation == 1);
  CHECK(read_file(scene.publish / "ca.crl") == present);

  // The one in force stays, and the pair with it.
  rename_over(scene.source / "ca.crl",
              crl(scene.authority, {.next_update = from_now(std::chrono::seconds(-1))}));
  CHECK(daemon.next("refused").reasons == "crl_expired");
  CHECK(scene.generation() == 1);
  CHECK(read_file(scene.publish / "ca.crl") == present);
}

TEST_CASE("one CRL fewer is a warning") {
  Listed listed("crl = \"ca.crl\"\n", "");
  Scene& scene = listed.scene;
  Authority const other({.common_name = "Other"});
  std::string const ours = crl(scene.authority, {.number = 5});
  rename_over(scene.source / "ca.crl", ours + crl(other));
  (void)listed.commit_first();
  Daemon& daemon = scene.daemon();
  rename_over(scene.source / "ca.crl", ours);
  CHECK(daemon.next("committed").generation == 2);
  std::string const path = (scene.source / "ca.crl").string();
  daemon.wait_for_text(path + " no longer holds the CRL of CN=Other");
}

TEST_CASE("an older CRL is refused, and published where that is allowed") {
  Listed listed("crl = \"ca.crl\"\n", "");
  Scene& scene = listed.scene;
  std::string const newer = crl(scene.authority, {.number = 5});
  std::string const older =
      crl(scene.authority, {.this_update = from_now(-std::chrono::hours(3)), .number = 2});
  rename_over(scene.source / "ca.crl", newer);
  (void)listed.commit_first();
  rename_over(scene.source / "ca.crl", older);
  CHECK(scene.daemon().next("refused").reasons == "older_than_current");
  CHECK(read_file(scene.publish / "ca.crl") == newer);

  scene.trust_keys += "allow_older = true\n";
  Daemon& again = scene.run();
  CHECK(again.next("committed").generation == 2);
  again.wait_for_text("what was revoked since then no longer is");
  CHECK(read_file(scene.publish / "ca.crl") == older);
}

TEST_CASE("a renewed pair goes out beside a CRL that has expired in force") {
  Scene scene;
  scene.source_keys += "crl = \"ca.crl\"\n";
  std::string const text = crl(scene.authority, {.next_update = from_now(std::chrono::seconds(2))});
  rename_over(scene.source / "ca.crl", text);
  (void)scene.first_in_force();
  Daemon& daemon = scene.daemon();
  daemon.wait_for_text("the CRL of CN=Test CA in force expired at");
  Pair const renewed = scene.issue();
  scene.offer(renewed);
  CHECK(daemon.ending_of(renewed.fingerprint).event == "committed");
  daemon.wait_for_text("it is in force already, and stays so with the next pair");
  CHECK(read_file(scene.publish / "ca.crl") == text);
}

TEST_CASE("a CRL that the configuration does without leaves, and that is told") {
  Scene scene;
  std::string const before = scene.source_keys;
  scene.source_keys += "crl = \"ca.crl\"\n";
  rename_over(scene.source / "ca.crl", crl(scene.authority));
  (void)scene.first_in_force();
  CHECK(std::filesystem::exists(scene.publish / "current/ca.crl"));
  scene.source_keys = before;
  Daemon& again = scene.run();
  CHECK(again.next("committed").generation == 2);
  again.wait_for_text("source.crl is no longer configured, and ca.crl leaves");
  CHECK_FALSE(std::filesystem::exists(scene.publish / "current/ca.crl"));
}
