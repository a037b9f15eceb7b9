#include <functional>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

std::string random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  unsigned state = 1;
  for (char& byte : bytes) byte = static_cast<char>((state = state * 1103515245U + 12345U) >> 16);
  return bytes;
}

// What is done to a good source, and the code by which it must be refused.
struct Spoiled {
  char const* name;
  std::string code;
  std::function<void(Scene&)> spoil;
};

void replace(std::filesystem::path const& file) { std::filesystem::remove(file); }

std::vector<Spoiled> const& cases() {
  static std::vector<Spoiled> const all{
      {"an empty certificate", "malformed_certificate",
       [](Scene& scene) { rename_over(scene.source / "tls.crt", ""); }},
      {"an empty key", "malformed_key",
       [](Scene& scene) { rename_over(scene.source / "tls.key", ""); }},
      {"a truncated certificate", "malformed_certificate",
       [](Scene& scene) {
         auto const pem = scene.issue().certificate_pem;
         rename_over(scene.source / "tls.crt", pem.substr(0, pem.size() / 2));
       }},
      {"a truncated key", "malformed_key",
       [](Scene& scene) {
         rename_over(scene.source / "tls.key", scene.issue().key_pem.substr(0, 100));
       }},
      {"a binary certificate", "malformed_certificate",
       [](Scene& scene) { rename_over(scene.source / "tls.crt", random_bytes(5000)); }},
      {"a certificate of 100 MB", "too_large",
       [](Scene& scene) {
         rename_over(scene.source / "tls.crt", "");
         std::filesystem::resize_file(scene.source / "tls.crt", 100'000'000);
       }},
      {"a key of 100 MB", "too_large",
       [](Scene& scene) {
         rename_over(scene.source / "tls.key", "");
         std::filesystem::resize_file(scene.source / "tls.key", 100'000'000);
       }},
      {"a binary key", "malformed_key",
       [](Scene& scene) { rename_over(scene.source / "tls.key", random_bytes(5000)); }},
      {"a FIFO", "not_regular",
       [](Scene& scene) {
         replace(scene.source / "tls.key");
         REQUIRE(::mkfifo((scene.source / "tls.key").c_str(), 0600) == 0);
       }},
      {"a device", "not_regular",
       [](Scene& scene) {
         replace(scene.source / "tls.key");
         std::filesystem::create_symlink("/dev/zero", scene.source / "tls.key");
       }},
      {"a directory", "not_regular",
       [](Scene& scene) {
         replace(scene.source / "tls.crt");
         std::filesystem::create_directory(scene.source / "tls.crt");
       }},
      {"a link loop", "unreadable",
       [](Scene& scene) {
         replace(scene.source / "tls.crt");
         std::filesystem::create_symlink("tls.crt", scene.source / "tls.crt");
       }},
      {"an encrypted key without a passphrase", "wrong_passphrase",
       [](Scene& scene) {
         Pair const pair = scene.issue();
         auto contents = scene.contents(pair);
         contents["tls.key"] = encrypted_key(pair.key_pem, "secret");
         for (auto const& [name, text] : contents) rename_over(scene.source / name, text);
       }},
      {"certificate and key swapped", "malformed_certificate",
       [](Scene& scene) {
         Pair const pair = scene.issue();
         rename_over(scene.source / "tls.crt", pair.key_pem);
         rename_over(scene.source / "tls.key", pair.certificate_pem);
       }},
      {"a mismatched pair", "key_mismatch",
       [](Scene& scene) { rename_over(scene.source / "tls.key", scene.issue().key_pem); }},
      {"two leaves", "malformed_certificate",
       [](Scene& scene) {
         Pair const one = scene.issue();
         rename_over(scene.source / "tls.crt", one.leaf_pem + scene.issue().leaf_pem);
         rename_over(scene.source / "tls.key", one.key_pem);
       }},
      {"a stranger's certificate", "untrusted",
       [](Scene& scene) {
         Authority const stranger({.common_name = "Stranger"});
         Pair const pair = stranger.issue();
         rename_over(scene.source / "tls.crt", pair.certificate_pem + stranger.pem());
         rename_over(scene.source / "tls.key", pair.key_pem);
       }},
      {"a chain without its intermediate", "incomplete_chain",
       [](Scene& scene) {
         Pair const pair = scene.authority.intermediate().issue({.include_chain = false});
         rename_over(scene.source / "tls.crt", pair.certificate_pem);
         rename_over(scene.source / "tls.key", pair.key_pem);
       }},
      {"an expired pair", "expired",
       [](Scene& scene) {
         scene.offer(scene.issue({.not_before = from_now(std::chrono::hours(-48)),
                                  .not_after = from_now(std::chrono::hours(-24))}));
       }},
      {"a pair that is not valid yet", "not_yet_valid",
       [](Scene& scene) {
         scene.offer(scene.issue({.not_before = from_now(std::chrono::hours(24)),
                                  .not_after = from_now(std::chrono::hours(48))}));
       }},
      {"a client's certificate", "wrong_purpose",
       [](Scene& scene) { scene.offer(scene.issue({.purpose = Purpose::client})); }},
      {"an older pair than the current one", "older_than_current",
       [](Scene& scene) {
         scene.offer(scene.issue({.not_before = from_now(std::chrono::hours(-5))}));
       }},
  };
  return all;
}

}  // namespace

TEST_CASE("each spoiled source is refused by name, and the old generation stays untouched") {
  Scene scene;
  scene.source_keys = "directory = \"" + scene.source.string() + "\"\ngrace = \"200ms\"\n";
  std::string const calls = scene.directory / "calls";
  scene.hooks = exec_hook({"/bin/sh", "-c", "echo $CERTPIVOT_FINGERPRINT >> " + calls});
  Daemon& daemon = scene.run();
  std::string expected_calls;
  for (Spoiled const& spoiled : cases()) {
    CAPTURE(spoiled.name);
    std::filesystem::remove_all(scene.source);
    std::filesystem::create_directory(scene.source);
    Pair const good = scene.issue();
    scene.offer(good);
    CHECK(daemon.ending_of(good.fingerprint).event == "committed");
    expected_calls += good.fingerprint + "\n";
    unsigned const before = scene.generation();

    spoiled.spoil(scene);
    // On the way there are states that are refused too where the machine is slow; the last counts.
    LogLine line = daemon.next("refused");
    while (line.reasons.find(spoiled.code) == std::string::npos) line = daemon.next("refused");
    CHECK(line.reasons.find(spoiled.code) != std::string::npos);
    CHECK(line.message.size() > 20);
    CHECK(scene.generation() == before);
    CHECK(scene.published() == good.fingerprint);
  }
  CHECK(read_file(calls) == expected_calls);
}

TEST_CASE("a file that leads nowhere is refused by name") {
  Scene scene;
  Pair const good = scene.first_in_force();
  Daemon& daemon = scene.daemon();
  point_link(scene.source / "tls.key", "/nowhere/tls.key");
  LogLine const line = daemon.next("refused");
  CHECK(line.reasons.find("unreadable") != std::string::npos);
  CHECK(line.message.find("tls.key") != std::string::npos);
  CHECK(scene.published() == good.fingerprint);
}

TEST_CASE("a file that the daemon's user may not read is refused by name, and taken once it may") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  scene.config();
  // Root may read anything, so here it starts the daemon as somebody else.
  std::vector<std::string> under;
  if (::geteuid() == 0) {
    under = {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"};
    for (char const* const name : {"", "source", "certpivot.toml", "anchors.pem"}) {
      REQUIRE(::chown((scene.directory / name).c_str(), 65534, 65534) == 0);
    }
  }
  Daemon& daemon = scene.run(under);
  Pair const good = scene.issue();
  scene.offer(good);
  CHECK(daemon.ending_of(good.fingerprint).event == "committed");

  Pair const closed = scene.issue();
  write_file(scene.source / "fresh", closed.key_pem, 0000);
  std::filesystem::rename(scene.source / "fresh", scene.source / "tls.key");
  rename_over(scene.source / "tls.crt", closed.certificate_pem);
  LogLine const line = daemon.next("refused");
  CHECK(line.reasons.find("unreadable") != std::string::npos);
  CHECK(line.message.find("tls.key") != std::string::npos);
  CHECK(line.message.find("Permission denied") != std::string::npos);
  CHECK(scene.published() == good.fingerprint);

  std::filesystem::permissions(scene.source / "tls.key", std::filesystem::perms(0644));
  wait_until("it is published", [&] { return scene.published() == closed.fingerprint; });
}

TEST_CASE("an unordered chain, duplicates, CRLF and leading text are no obstacle") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  Daemon& daemon = scene.run();
  auto const intermediate = scene.authority.intermediate();
  auto const with_crlf = [](std::string text) {
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) {
      text.replace(at, 1, "\r\n");
    }
    return text;
  };
  for (int turn = 0; turn < 4; ++turn) {
    CAPTURE(turn);
    Pair const pair = intermediate.issue();
    std::string const ordered = pair.leaf_pem + intermediate.pem();
    std::string const variants[] = {intermediate.pem() + pair.leaf_pem,
                                    ordered + intermediate.pem() + pair.leaf_pem,
                                    with_crlf(ordered), "subject=CN = web\n\n" + ordered};
    rename_over(scene.source / "tls.key", pair.key_pem);
    rename_over(scene.source / "tls.crt", variants[turn]);
    CHECK(daemon.ending_of(pair.fingerprint).event == "committed");
    CHECK(scene.published() == pair.fingerprint);  // the leaf stands first
  }
}
