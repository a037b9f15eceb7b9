#include <array>
#include <atomic>
#include <fcntl.h>
#include <map>
#include <mutex>
#include <ostream>
#include <set>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>

#include "support/holds.hpp"
#include "support/keystore.hpp"
#include "support/scene.hpp"

using namespace certpivot::testing;
namespace fs = std::filesystem;

namespace {

constexpr std::array names{"all.pem", "full.pem", "chain.pem", "leaf.der",
                           "key.der", "web.p12",  "tls.crt",   "tls.key"};
using Files = std::map<std::string, std::string>;

/// A scene whose certificate has an intermediate, and whose server wants every further file.
struct AllFormats : Scene {
  AllFormats() {
    authority = authority.intermediate();
    hooks = exec_hook({"/bin/true"});
    directory.write("pass", "s3cret\nand a second line\n");
    publish_keys += further + keystore(false);
  }
  [[nodiscard]] std::string keystore(bool legacy) const {
    return "pkcs12 = { file = \"web.p12\", passphrase_file = \"" + (directory / "pass").string() +
           "\", alias = \"web\", legacy = " + (legacy ? "true" : "false") + " }\n";
  }
  /// Publishes a new pair; what its rollout came to.
  LogLine rotate(Pair& pair) {
    pair = issue();
    offer(pair);
    return daemon().ending_of(pair.fingerprint);
  }
  /// The keystore alone, of either kind, with a first pair in it.
  Pair publish_keystore(bool legacy) {
    publish_keys = plain + keystore(legacy);
    run();
    Pair pair;
    REQUIRE(rotate(pair).event == "committed");
    return pair;
  }
  void check_fit(Files const& files, Pair const& pair) const {
    CHECK(files.at("tls.crt") == pair.certificate_pem);
    CHECK(files.at("tls.key") == pair.key_pem);
    CHECK(files.at("all.pem") == pair.certificate_pem + pair.key_pem);
    CHECK(files.at("full.pem") == pair.certificate_pem);
    CHECK(files.at("chain.pem") == authority.pem());
    CHECK(files.at("leaf.der") == der_of(pair.leaf_pem));
    CHECK(files.at("key.der") == der_of(pair.key_pem));
    auto const keystore = open_keystore(files.at("web.p12"), "s3cret");
    REQUIRE(keystore);
    CHECK(keystore->leaf == der_of(pair.leaf_pem));
    CHECK(keystore->key == der_of(pair.key_pem));
    CHECK(keystore->issuers == std::vector<std::string>{der_of(authority.pem())});
  }

  std::string const plain = publish_keys;
  std::string const further =
      "combined = \"all.pem\"\nfullchain = \"full.pem\"\nchain = \"chain.pem\"\n"
      "certificate_der = \"leaf.der\"\nkey_der = \"key.der\"\n";
};

/// By their fixed names in the publish directory.
Files published_files(Scene const& scene) {
  Files files;
  for (char const* const name : names) files[name] = read_file(scene.publish / name);
  return files;
}

/// Opens `current` once, and every file below that descriptor.
Files files_at_once(fs::path const& current) {
  certpivot::UniqueFd const directory(::open(current.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  Files files;
  for (char const* const name : names) {
    certpivot::UniqueFd const file(::openat(directory.get(), name, O_RDONLY | O_CLOEXEC));
    std::array<char, 16384> bytes{};
    ::ssize_t const size = ::read(file.get(), bytes.data(), bytes.size());
    files[name] = size < 0 ? "cannot read" : std::string(bytes.data(), static_cast<size_t>(size));
  }
  return files;
}

/// Reads on a thread of its own, and keeps each set that it met once.
class Reader {
 public:
  explicit Reader(fs::path current) : current_(std::move(current)) {}
  ~Reader() { (void)stop(); }
  Reader(Reader const&) = delete;
  Reader& operator=(Reader const&) = delete;
  [[nodiscard]] bool has_seen(std::string const& certificate) const {
    std::lock_guard const alone(mutex_);
    return std::any_of(seen_.begin(), seen_.end(),
                       [&](Files const& files) { return files.at("tls.crt") == certificate; });
  }
  std::set<Files> const& stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
    return seen_;
  }

 private:
  void read() {
    while (!stopping_) {
      Files files = files_at_once(current_);
      std::lock_guard const alone(mutex_);
      seen_.insert(std::move(files));
    }
  }
  fs::path current_;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_ = {};
  std::set<Files> seen_ = {};
  std::thread thread_{[this] { read(); }};
};

}  // namespace

TEST_CASE("every further file fits the pair of its generation, rotation after rotation") {
  AllFormats scene;
  scene.publish_keys += "key_mode = \"0600\"\n";
  scene.run();
  Pair pair;
  for (int turn = 1; turn <= 3; ++turn) {
    CHECK(scene.rotate(pair).event == "committed");
    CHECK(scene.generation() == turn);
    scene.check_fit(published_files(scene), pair);
    for (char const* const name : names)
      CHECK(fs::read_symlink(scene.publish / name) == fs::path("current") / name);
    for (char const* const name : {"all.pem", "key.der", "web.p12", "tls.key"})
      CHECK(fs::status(scene.publish / name).permissions() == fs::perms(0600));
    for (char const* const name : {"full.pem", "chain.pem", "leaf.der"})
      CHECK(fs::status(scene.publish / name).permissions() == fs::perms(0644));
  }
}

TEST_CASE("openssl and Java's keytool open the keystore, in the modern and in the legacy way") {
  for (bool const legacy : {false, true}) {
    AllFormats scene;
    scene.publish_keystore(legacy);
    std::string const file = scene.publish / "web.p12";
    std::string const pass = "file:" + (scene.directory / "pass").string();
    std::vector<std::string> words{"/usr/bin/openssl", "pkcs12", "-info", "-nokeys", "-in", file,
                                   "-passin",          pass};
    if (legacy) words.emplace_back("-legacy");
    Outcome const openssl = run_program(words);
    CHECK_MESSAGE(openssl.exit_code == 0, openssl.err);
    CHECK(holds(openssl.out, "friendlyName: web"));
    CHECK(holds(openssl.err, legacy ? "MAC: sha1" : "MAC: sha256"));
    CHECK(holds(openssl.err, legacy ? "Shrouded Keybag: pbeWithSHA1And3-KeyTripleDES-CBC"
                                    : "Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC, Iteration "
                                      "10000, PRF hmacWithSHA256"));
    Outcome const keytool = run_program({"/usr/bin/keytool", "-list", "-v", "-storetype", "PKCS12",
                                         "-keystore", file, "-storepass", "s3cret"});
    CHECK_MESSAGE(keytool.exit_code == 0, keytool.out);
    for (char const* const line : {"Alias name: web", "Entry type: PrivateKeyEntry",
                                   "Certificate chain length: 2", "contains 1 entry"})
      CHECK_MESSAGE(holds(keytool.out, line), keytool.out);
  }
}

TEST_CASE("Java takes the key out of either keystore, and it is the pair's") {
  for (bool const legacy : {false, true}) {
    AllFormats scene;
    Pair const pair = scene.publish_keystore(legacy);
    std::string const copy = scene.directory / "copy.p12";
    Outcome const keytool = run_program({"/usr/bin/keytool", "-importkeystore", "-srckeystore",
                                         scene.publish / "web.p12", "-srcstoretype", "PKCS12",
                                         "-srcstorepass", "s3cret", "-destkeystore", copy,
                                         "-deststoretype", "PKCS12", "-deststorepass", "another"});
    REQUIRE_MESSAGE(keytool.exit_code == 0, keytool.out);
    auto const opened = open_keystore(read_file(copy), "another");
    REQUIRE(opened);
    CHECK(opened->key == der_of(pair.key_pem));
    CHECK(opened->leaf == der_of(pair.leaf_pem));
  }
}

TEST_CASE("a reader that opened current once never sees a mixed set, beside 50 rotations") {
  AllFormats scene;
  scene.publish_keys += "keep = 100\n";
  scene.run();
  std::map<std::string, Pair> pairs;
  Pair pair;
  REQUIRE(scene.rotate(pair).event == "committed");
  pairs.emplace(pair.certificate_pem, pair);
  Reader reader(scene.publish / "current");
  for (int turn = 0; turn < 50; ++turn) {
    REQUIRE(scene.rotate(pair).event == "committed");
    pairs.emplace(pair.certificate_pem, pair);
    wait_until("the reader has seen it", [&] { return reader.has_seen(pair.certificate_pem); });
  }
  auto const& seen = reader.stop();
  CHECK(seen.size() >= 50);
  for (Files const& files : seen) {
    auto const found = pairs.find(files.at("tls.crt"));
    REQUIRE(found != pairs.end());
    scene.check_fit(files, found->second);
  }
}

TEST_CASE("a file that the configuration asks for comes without a change of the source, and goes") {
  AllFormats scene;
  std::string const all = scene.publish_keys;
  scene.publish_keys = scene.plain;
  Pair const pair = scene.first_in_force();
  CHECK_FALSE(fs::exists(scene.publish / "all.pem"));
  scene.publish_keys = all;
  scene.run();
  CHECK(scene.daemon().ending_of(pair.fingerprint).event == "committed");
  scene.check_fit(published_files(scene), pair);
  scene.publish_keys = scene.plain + "combined = \"other.pem\"\n";
  scene.run();
  CHECK(scene.daemon().ending_of(pair.fingerprint).event == "committed");
  CHECK(read_file(scene.publish / "other.pem") == pair.certificate_pem + pair.key_pem);
  for (char const* const name : {"all.pem", "full.pem", "chain.pem", "leaf.der", "web.p12"})
    CHECK_FALSE(fs::is_symlink(scene.publish / name));
  CHECK(scene.generation() == 3);
  // The same configuration asks for nothing more.
  scene.run();
  scene.daemon().wait_until_settled();
  CHECK(scene.generation() == 3);
}

TEST_CASE("a chain of a leaf alone is no file, has no link and is not waited for") {
  AllFormats scene;
  scene.publish_keys = scene.plain + "chain = \"chain.pem\"\n";
  scene.run();
  Pair pair;
  REQUIRE(scene.rotate(pair).event == "committed");
  CHECK(read_file(scene.publish / "chain.pem") == scene.authority.pem());
  pair = scene.issue({.include_chain = false});
  scene.directory.write("anchors.pem", scene.authority.pem());
  scene.offer(pair);
  CHECK(scene.daemon().ending_of(pair.fingerprint).event == "committed");
  CHECK_FALSE(fs::is_symlink(scene.publish / "chain.pem"));
  scene.run();
  scene.daemon().wait_until_settled();
  CHECK(scene.generation() == 2);
}

TEST_CASE("a passphrase that is missing stops a rotation by name, and the old generation stays") {
  AllFormats scene;
  scene.run();
  Pair first;
  REQUIRE(scene.rotate(first).event == "committed");
  fs::remove(scene.directory / "pass");
  Pair second;
  LogLine const line = scene.rotate(second);
  CHECK(line.event == "failed");
  CHECK(holds(line.message, "cannot make web.p12: cannot read the passphrase " +
                                (scene.directory / "pass").string()));
  scene.check_fit(published_files(scene), first);
  Outcome const check = scene.command({"check", "-c", scene.config()});
  CHECK(check.exit_code == 2);
  CHECK(holds(check.out, "cannot read the passphrase"));
  scene.directory.write("pass", "s3cret\n");
  Pair third;
  CHECK(scene.rotate(third).event == "committed");
  scene.check_fit(published_files(scene), third);
}

TEST_CASE("what is rolled back to has its further files made anew, and they fit it") {
  AllFormats scene;
  // Refuses the second generation and takes every other.
  scene.hooks = exec_hook({"/bin/sh", "-c", "test $CERTPIVOT_GENERATION != 2"}, "retries = 0\n");
  scene.run();
  Pair first;
  REQUIRE(scene.rotate(first).event == "committed");
  Files const before = published_files(scene);
  Pair second;
  CHECK(scene.rotate(second).event == "rolled_back");
  CHECK(scene.generation() == 3);
  Files const after = published_files(scene);
  scene.check_fit(after, first);
  CHECK(after.at("web.p12") != before.at("web.p12"));  // salted anew
}
