#include <atomic>
#include <fcntl.h>
#include <ostream>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>

#include "base/on_exit.hpp"
#include "unit/publish/published.hpp"

using namespace certpivot;
using namespace certpivot::testing;
namespace fs = std::filesystem;

namespace {

struct ::stat facts_of(fs::path const& path) {
  struct ::stat facts {};
  REQUIRE(::lstat(path.c_str(), &facts) == 0);
  return facts;
}

bool is_root() { return ::geteuid() == 0; }

/// Keeps looking at the files of staging directories that hold the key, and adds up the permissions
/// they ever had.
class KeyWatch {
 public:
  explicit KeyWatch(fs::path const& generations) : generations_(generations) {}
  ~KeyWatch() { stop(); }
  KeyWatch(KeyWatch const&) = delete;
  KeyWatch& operator=(KeyWatch const&) = delete;
  KeyWatch(KeyWatch&&) = delete;
  KeyWatch& operator=(KeyWatch&&) = delete;
  void stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }
  [[nodiscard]] unsigned ever() const { return ever_; }
  /// A key with bytes in it while its mode or group was not final.
  [[nodiscard]] bool early() const { return early_; }

 private:
  /// The last round begins after stop(), so that everything left was seen once at least.
  void look() {
    for (bool last = false; !last;) {
      last = stopping_;
      for (unsigned number = 1; number <= 200; ++number) {
        for (char const* file : {"tls.key", "all.pem"}) {
          look_at(".staging-" + std::to_string(number) + "/" + file);
          look_at(std::to_string(number) + "/" + file);
        }
      }
    }
  }

  void look_at(std::string const& file) {
    struct ::stat facts {};
    if (::lstat((generations_ / file).c_str(), &facts) != 0) return;
    ever_ = ever_ | (facts.st_mode & 07777U);
    if (facts.st_size > 0 && (facts.st_mode & 07777U) != 0440) early_ = true;
  }

  fs::path generations_;
  std::atomic<bool> stopping_ = false;
  std::atomic<unsigned> ever_ = 0;
  std::atomic<bool> early_ = false;
  std::thread thread_{[this] { look(); }};
};

}  // namespace

TEST_CASE("a generation has the bytes, the modes and fresh inodes") {
  Published published;
  published.settings.key_mode = {0600};
  auto const target = published.open();
  REQUIRE(target->prepare());
  auto const before = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  for (::mode_t const mask : {::mode_t{0}, ::mode_t{0022}, ::mode_t{0077}}) {
    ::mode_t const old = ::umask(mask);
    auto const staged = target->stage(1 + mask, {"chain", "key", "anchors"});
    (void)::umask(old);
    REQUIRE(staged);
    fs::path const generation = published.at("generations/" + std::to_string(1 + mask));
    CHECK(read_file(generation / "tls.crt") == "chain");
    CHECK(read_file(generation / "tls.key") == "key");
    CHECK(read_file(generation / "ca.crt") == "anchors");
    CHECK((facts_of(generation).st_mode & 07777) == 0755);
    CHECK((facts_of(generation / "tls.crt").st_mode & 07777) == 0644);
    CHECK((facts_of(generation / "tls.key").st_mode & 07777) == 0600);
    CHECK((facts_of(generation / "ca.crt").st_mode & 07777) == 0644);
    CHECK(facts_of(generation / "tls.key").st_mtime >= before - 1);
  }
  CHECK(facts_of(published.at("generations/1/tls.crt")).st_ino !=
        facts_of(published.at("generations/19/tls.crt")).st_ino);
}

TEST_CASE("a crl and further files have bytes, modes and owner like the four") {
  Published published;
  published.settings.combined = "all.pem";
  published.settings.fullchain = "full.pem";
  if (is_root()) published.settings.group = "4321";
  auto const target = published.open();
  REQUIRE(target->prepare());
  ::mode_t const old = ::umask(0077);
  auto const staged = target->stage(1, {"chain\n", "key\n", std::nullopt, "revoked"});
  (void)::umask(old);
  REQUIRE(staged);
  struct {
    char const* name;
    char const* bytes;
    ::mode_t mode;
  } const files[] = {{"ca.crl", "revoked", 0644},
                     {"all.pem", "chain\nkey\n", 0640},
                     {"full.pem", "chain\n", 0644}};
  for (auto const& [name, bytes, mode] : files) {
    fs::path const file = published.at("generations/1") / name;
    CHECK(read_file(file) == bytes);
    CHECK((facts_of(file).st_mode & 07777) == mode);
    if (is_root()) CHECK(facts_of(file).st_gid == 4321);
  }
}

TEST_CASE(
    "a further file that cannot be made leaves nothing of the generation, and no word of it") {
  Published published;
  published.settings.pkcs12 = settings::Pkcs12{"web.p12", published.temporary / "missing"};
  auto const target = published.open();
  REQUIRE(target->prepare());
  std::string const before = tree(published.settings.directory);
  auto const staged = target->stage(1, content("a"));
  REQUIRE_FALSE(staged);
  CHECK(staged.error().text().find("web.p12: cannot read the passphrase") != std::string::npos);
  CHECK(tree(published.settings.directory) == before);
}

TEST_CASE("a generation without a ca has no ca.crt") {
  Published const published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  REQUIRE(target->stage(1, {"chain", "key", std::nullopt}));
  CHECK(tree(published.at("generations")) == "1 1/tls.crt 1/tls.key ");
}

TEST_CASE("a key is never wider open than its mode, and has no bytes before") {
  Published published;
  published.settings.key_mode = {0440};
  published.settings.combined = "all.pem";
  auto const target = published.open();
  REQUIRE(target->prepare());
  KeyWatch watch(published.at("generations"));
  ::mode_t const old = ::umask(0);
  OnExit const restore([old] { (void)::umask(old); });
  std::string const large(300'000, 'k');
  for (publish::Number number = 1; number <= 200; ++number)
    REQUIRE(target->stage(number, {"chain", large, std::nullopt}));
  watch.stop();
  CHECK((watch.ever() & ~0440U) == 0);
  CHECK(watch.ever() == 0440U);
  CHECK_FALSE(watch.early());
}

TEST_CASE("files belong to the configured owner and group, by name or number") {
  if (!is_root()) {
    MESSAGE("skipped: only root can give files away");
    return;
  }
  Published published;
  published.settings.owner = "daemon";
  published.settings.group = "4321";
  auto const target = published.open();
  REQUIRE(target->prepare());
  REQUIRE(target->stage(1, content("a")));
  for (char const* name : {"tls.crt", "tls.key", "ca.crt"}) {
    auto const facts = facts_of(published.at("generations/1") / name);
    CHECK(facts.st_uid == 1);
    CHECK(facts.st_gid == 4321);
  }
}

TEST_CASE("an unknown user or group is told by name before anything is made") {
  Published published;
  SUBCASE("user") { published.settings.owner = "no-such-user"; }
  SUBCASE("group") { published.settings.group = "no-such-group"; }
  SUBCASE("the number that means none") { published.settings.owner = "4294967295"; }
  auto const target = published.open();
  auto const refused = target->prepare();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().text().find("no such ") != std::string::npos);
  CHECK_FALSE(fs::exists(published.settings.directory));
}

TEST_CASE("a number that is taken already is refused and stays as it is") {
  Published const published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  REQUIRE(target->stage(1, content("a")));
  CHECK_FALSE(target->stage(1, content("b")));
  CHECK(target->load(1)->certificate == "a");
}

TEST_CASE("the leftover of a failed staging is in nobody's way") {
  Published const published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  fs::create_directory(published.at("generations/.staging-1"));
  write_file(published.at("generations/.staging-1/tls.key"), "half");
  REQUIRE(target->stage(1, content("a")));
  CHECK(target->load(1)->key.view() == "a");
}

TEST_CASE("a link laid in the way of staging is not followed") {
  Published const published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  fs::create_directory(published.temporary / "elsewhere");
  fs::create_directory_symlink(published.temporary / "elsewhere",
                               published.at("generations/.staging-1"));
  CHECK_FALSE(target->stage(1, content("a")));
  CHECK(fs::is_empty(published.temporary / "elsewhere"));
}

TEST_CASE("a full disk fails with its remedy and leaves nothing of the generation") {
  Published published;
  std::size_t size = 100'000;
  SUBCASE("full at the key") {}
  SUBCASE("full at a further file") {
    published.settings.combined = "all.pem";
    size = 25'000;
  }
  fs::path const disk = published.settings.directory;
  fs::create_directories(disk);
  if (!is_root() || ::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=64k") != 0) {
    MESSAGE("skipped: only root can mount a small file system");
    return;
  }
  OnExit const unmount([&] { (void)::umount2(disk.c_str(), MNT_DETACH); });
  auto const target = published.open();
  REQUIRE(target->prepare());
  REQUIRE(target->stage(1, content("a")));
  REQUIRE(target->pivot(1));
  std::string const before = tree(disk);
  std::size_t const descriptors = open_descriptors();
  auto const full = target->stage(2, {"b", std::string(size, 'k'), std::nullopt});
  REQUIRE_FALSE(full);
  CHECK(full.error().code == std::errc::no_space_on_device);
  CHECK(full.error().where.ends_with(published.settings.combined.empty() ? "tls.key" : "all.pem"));
  CHECK(full.error().text().find("what is in force stays; free space") != std::string::npos);
  CHECK(tree(disk) == before);
  CHECK(open_descriptors() == descriptors);
  CHECK(read_file(published.at("tls.crt")) == "a");
  CHECK(target->stage(2, content("b")));
}

TEST_CASE("a read-only target fails with its remedy, and what is in force stays") {
  Published const published;
  fs::path const disk = published.settings.directory;
  fs::create_directories(disk);
  if (!is_root() || ::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=64k") != 0) {
    MESSAGE("skipped: only root can mount a read-only file system");
    return;
  }
  OnExit const unmount([&] { (void)::umount2(disk.c_str(), MNT_DETACH); });
  auto const target = published.open();
  REQUIRE(target->prepare());
  REQUIRE(target->stage(1, content("a")));
  REQUIRE(target->pivot(1));
  REQUIRE(target->stage(2, content("b")));
  REQUIRE(::mount(nullptr, disk.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0);
  CHECK(target->prepare());
  for (auto const& failed :
       {target->stage(3, content("c")), target->pivot(2), target->discard(2)}) {
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == std::errc::read_only_file_system);
    CHECK(failed.error().remedy.find("writable") != std::string::npos);
  }
  CHECK(read_file(published.at("tls.crt")) == "a");
}

TEST_CASE("without the right to write or to give files away the sentence says what to grant") {
  if (!is_root()) {
    MESSAGE("skipped: needs root to become somebody else");
    return;
  }
  Published published;
  std::string remedy;
  SUBCASE("no right to write") { remedy = "let certpivot's user write"; }
  SUBCASE("no right to give away") {
    published.settings.owner = "root";
    remedy = "CAP_CHOWN";
  }
  auto const target = published.open();
  REQUIRE(target->prepare());
  fs::permissions(published.temporary.path(), fs::perms(0755));
  if (published.settings.owner)
    for (char const* name : {"", "generations"})
      REQUIRE(::chown(published.at(name).c_str(), 1, 1) == 0);
  ::pid_t const child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    // Exit codes stand for what failed: no checks of the test program in its copy.
    if (::setgid(1) != 0 || ::setuid(1) != 0) ::_exit(2);
    auto const staged = target->stage(1, content("a"));
    if (staged) ::_exit(3);
    ::_exit(staged.error().remedy.find(remedy) == std::string::npos ? 4 : 0);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  CHECK(tree(published.settings.directory) == "generations ");
}
