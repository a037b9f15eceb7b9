// Every way that files are known to change arrives by inotify alone: nothing here polls.
#include <fstream>

#include "crypto/library.hpp"
#include "support/sources.hpp"
#include "support/temp_directory.hpp"
#include "unit/source/watched.hpp"

using namespace certpivot;
using namespace certpivot::testing;
namespace fs = std::filesystem;

namespace {

settings::Source source_in(fs::path const& place) {
  settings::Source source;
  source.directory = place.string();
  return source;
}

std::string digest_of(int version) {
  auto const text = std::to_string(version);
  return crypto::digest({"chain" + text, "key" + text});
}

Contents pair_of(int version) {
  auto const text = std::to_string(version);
  return {{"tls.crt", "chain" + text}, {"tls.key", "key" + text}};
}

void write_pair(fs::path const& place, int version) {
  for (auto const& [name, text] : pair_of(version)) write_file(place / name, text, 0644);
}

}  // namespace

TEST_CASE("flips of a Kubernetes volume arrive five times in a row") {
  TempDirectory const place;
  AtomicWriter writer(place.path());
  writer.write(pair_of(0));
  Watched watched(source_in(place.path()));
  CHECK(watched.coverage == source::Coverage{});
  for (int version = 1; version <= 5; ++version) {
    watched.drain();
    writer.write(pair_of(version));
    REQUIRE(watched.told());
    CHECK(watched.arrives(digest_of(version)));
  }
}

TEST_CASE("files rewritten in place arrive five times in a row, in either order") {
  TempDirectory const place;
  write_pair(place.path(), 0);
  Watched watched(source_in(place.path()));
  for (int version = 1; version <= 5; ++version) {
    auto const files = pair_of(version);
    auto const& first = version % 2 == 0 ? "tls.crt" : "tls.key";
    auto const& second = version % 2 == 0 ? "tls.key" : "tls.crt";
    watched.drain();
    rewrite_in_place(place / first, files.at(first));
    REQUIRE(watched.told());
    watched.drain();
    CHECK(source::read(watched.source)->digest != digest_of(version));
    rewrite_in_place(place / second, files.at(second));
    REQUIRE(watched.told());
    CHECK(watched.arrives(digest_of(version)));
  }
}

TEST_CASE("a file that its writer keeps open is noticed at each write") {
  TempDirectory const place;
  write_pair(place.path(), 0);
  Watched watched(source_in(place.path()));
  std::ofstream writer(place / "tls.crt", std::ios::app);
  watched.drain();
  writer << "more" << std::flush;
  CHECK(watched.told());
}

TEST_CASE("files renamed over the old ones arrive five times in a row") {
  TempDirectory const place;
  write_pair(place.path(), 0);
  Watched watched(source_in(place.path()));
  for (int version = 1; version <= 5; ++version) {
    for (auto const& [name, text] : pair_of(version)) {
      watched.drain();
      rename_over(place / name, text);
      REQUIRE(watched.told());
    }
    CHECK(watched.arrives(digest_of(version)));
  }
}

TEST_CASE("certbot's links into the archive arrive five times in a row") {
  TempDirectory const place;
  Certbot certbot(place.path(), "web");
  certbot.write({{"fullchain", "chain0"}, {"privkey", "key0"}});
  auto source = source_in(certbot.live());
  source.certificate = "fullchain.pem";
  source.key = "privkey.pem";
  Watched watched(source);
  for (int version = 1; version <= 5; ++version) {
    auto const text = std::to_string(version);
    watched.drain();
    certbot.write({{"fullchain", "chain" + text}, {"privkey", "key" + text}});
    REQUIRE(watched.told());
    CHECK(watched.arrives(digest_of(version)));
  }
  watched.drain();
  rewrite_in_place(place / "archive/web/privkey6.pem", "behind the link");
  CHECK(watched.told());
}

TEST_CASE("a bundle arrives five times in a row") {
  TempDirectory const place;
  place.write("both.pem", "0");
  auto source = source_in(place.path());
  source.bundle = "both.pem";
  Watched watched(source);
  for (int version = 1; version <= 5; ++version) {
    watched.drain();
    rename_over(place / "both.pem", std::to_string(version));
    REQUIRE(watched.told());
    CHECK(watched.arrives(crypto::digest({std::to_string(version)})));
  }
}

TEST_CASE("absolute paths in two directories arrive five times in a row each") {
  TempDirectory const certificates;
  TempDirectory const keys;
  settings::Source source;
  source.certificate = certificates.write("web.crt", "chain0").string();
  source.key = keys.write("web.key", "key0").string();
  Watched watched(source);
  for (int version = 1; version <= 5; ++version) {
    watched.drain();
    rename_over(certificates / "web.crt", "chain" + std::to_string(version));
    REQUIRE(watched.told());
    watched.drain();
    rewrite_in_place(keys / "web.key", "key" + std::to_string(version));
    REQUIRE(watched.told());
    CHECK(watched.arrives(digest_of(version)));
  }
}

TEST_CASE("a directory that comes, vanishes and comes back is followed five times in a row") {
  TempDirectory const place;
  auto const directory = place / "mnt/certs/web";
  Watched watched(source_in(directory));
  CHECK(watched.coverage == source::Coverage{});
  for (int version = 1; version <= 5; ++version) {
    watched.drain();
    fs::create_directories(directory);
    write_pair(directory, version);
    REQUIRE(watched.told());
    CHECK(watched.arrives(digest_of(version)));
    watched.drain();
    fs::remove_all(place / "mnt");
    REQUIRE(watched.told());
    CHECK(watched.watcher.arm(watched.subscriber, watched.source) == source::Coverage{});
    CHECK(!source::read(watched.source));
  }
}

TEST_CASE("deletion and re-creation of everything arrives five times in a row") {
  TempDirectory const place;
  auto const directory = place.make("web");
  write_pair(directory, 0);
  Watched watched(source_in(directory));
  for (int version = 1; version <= 5; ++version) {
    watched.drain();
    fs::remove_all(directory);
    fs::create_directory(directory);
    write_pair(directory, version);
    REQUIRE(watched.told());
    CHECK(watched.arrives(digest_of(version)));
  }
}

TEST_CASE("a directory above that is renamed away and replaced is followed") {
  TempDirectory const place;
  auto const directory = place.make("a/b/web");
  write_pair(directory, 0);
  Watched watched(source_in(directory));
  for (int version = 1; version <= 5; ++version) {
    place.make("next/b/web");
    write_pair(place / "next/b/web", version);
    watched.drain();
    fs::rename(place / "a", place / ("old" + std::to_string(version)));
    REQUIRE(watched.told());
    fs::rename(place / "next", place / "a");
    CHECK(watched.arrives(digest_of(version)));
  }
}

TEST_CASE("a link to the whole directory that is pointed elsewhere is followed") {
  TempDirectory const place;
  write_pair(place.make("versions/0"), 0);
  point_link(place / "current", "versions/0");
  Watched watched(source_in(place / "current"));
  for (int version = 1; version <= 5; ++version) {
    auto const target = "versions/" + std::to_string(version);
    write_pair(place.make(target), version);
    watched.drain();
    point_link(place / "current", target);
    REQUIRE(watched.told());
    CHECK(watched.arrives(digest_of(version)));
  }
}

TEST_CASE("a loop of links is watched until it is mended") {
  TempDirectory const place;
  fs::create_symlink("tls.key", place / "tls.crt");
  fs::create_symlink("tls.crt", place / "tls.key");
  Watched watched(source_in(place.path()));
  CHECK(!source::read(watched.source));
  rename_over(place / "tls.crt", "chain1");
  rename_over(place / "tls.key", "key1");
  REQUIRE(watched.told());
  CHECK(watched.arrives(digest_of(1)));
}

TEST_CASE("a change between arming and the first turn of the loop is not lost") {
  TempDirectory const place;
  write_pair(place.path(), 0);
  Watched watched(source_in(place.path()));
  rename_over(place / "tls.crt", "other");
  CHECK(watched.told());
}

TEST_CASE("a permission that changes is noticed") {
  TempDirectory const place;
  write_pair(place.path(), 0);
  Watched watched(source_in(place.path()));
  watched.drain();
  fs::permissions(place / "tls.key", fs::perms::owner_read);
  CHECK(watched.told());
}

TEST_CASE("other files in the same directory, and in those above, wake nobody") {
  TempDirectory const place;
  AtomicWriter writer(place.make("web"));
  writer.write(pair_of(0));
  Watched watched(source_in(place / "web"));
  watched.drain();
  place.write("web/unrelated", "x");
  place.write("beside", "x");
  rename_over(place / "web/unrelated", "y");
  fs::remove(place / "beside");
  CHECK(watched.drain() == 0);
  rename_over(place / "web/..data/tls.crt", "z");
  CHECK(watched.drain() > 0);
}

TEST_CASE("a directory that was watched for a name goes quiet when the name is there") {
  TempDirectory const place;
  Watched watched(source_in(place / "later"));
  place.make("later");
  CHECK(watched.told());
  (void)watched.watcher.arm(watched.subscriber, watched.source);
  watched.drain();
  // Not even the loop runs: the kernel itself has nothing to report any more.
  place.write("busy", "x");
  CHECK(watched.loop.poll_one() == 0);
}

TEST_CASE("an overflow of the queue wakes every subscriber") {
  TempDirectory const place;
  TempDirectory const other;
  write_pair(place.path(), 0);
  write_pair(other.path(), 0);
  Watched watched(source_in(place.path()));
  int others = 0;
  auto const second = watched.watcher.subscribe([&] { ++others; });
  (void)watched.watcher.arm(second, source_in(other.path()));
  int limit = 0;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> limit;
  // Identical events in a row are merged by the kernel, hence two files in turn.
  for (int event = 0; event <= limit; ++event)
    fs::permissions(place / (event % 2 == 0 ? "tls.crt" : "tls.key"), fs::perms(0644));
  watched.drain();
  CHECK(watched.calls > 0);
  CHECK(others == 1);
  // And it goes on after that.
  CHECK(watched.arrives(digest_of(0)));
  watched.drain();
  write_pair(place.path(), 1);
  REQUIRE(watched.told());
  CHECK(watched.arrives(digest_of(1)));
}

TEST_CASE("subscribers of one directory share its watch, and leave it to each other") {
  TempDirectory const place;
  write_pair(place.path(), 0);
  Watched watched(source_in(place.path()));
  auto const alone = watched.watcher.watched();
  int others = 0;
  auto const second = watched.watcher.subscribe([&] { ++others; });
  (void)watched.watcher.arm(second, watched.source);
  CHECK(watched.watcher.watched() == alone);
  watched.watcher.unsubscribe(watched.subscriber);
  CHECK(watched.watcher.watched() == alone);
  rename_over(place / "tls.crt", "other");
  watched.drain();
  CHECK(watched.calls == 0);
  CHECK(others > 0);
  watched.watcher.unsubscribe(second);
  CHECK(watched.watcher.watched() == 0);
}

TEST_CASE("a subscriber may unsubscribe another, and itself, while it is told") {
  TempDirectory const place;
  write_pair(place.path(), 0);
  Watched watched(source_in(place.path()));
  source::Watcher::Subscriber second = 0;
  source::Watcher::Subscriber third = 0;
  int seconds = 0;
  int thirds = 0;
  second = watched.watcher.subscribe([&] {
    ++seconds;
    watched.watcher.unsubscribe(second);
    watched.watcher.unsubscribe(third);
  });
  third = watched.watcher.subscribe([&] { ++thirds; });
  (void)watched.watcher.arm(second, watched.source);
  (void)watched.watcher.arm(third, watched.source);
  rename_over(place / "tls.crt", "other");
  watched.drain();
  rename_over(place / "tls.crt", "another");
  watched.drain();
  CHECK(seconds == 1);
  CHECK(thirds == 0);
  CHECK(watched.calls > 0);
}

TEST_CASE("arming a subscriber that has gone meanwhile leaves no watch behind") {
  TempDirectory const place;
  write_pair(place.path(), 0);
  Watched watched(source_in(place.path()));
  watched.watcher.unsubscribe(watched.subscriber);
  (void)watched.watcher.arm(watched.subscriber, watched.source);
  CHECK(watched.watcher.watched() == 0);
}

TEST_CASE("a file system that reports nothing is polled from the start") {
  settings::Source source;
  source.certificate = "/proc/version";
  source.key = "/proc/cpuinfo";
  Watched watched(source);
  CHECK(watched.coverage.polling_only);
  CHECK(watched.coverage.why.find("polling") != std::string::npos);
}

TEST_CASE("a Watcher leaves nothing open, and the loop may outlive it") {
  auto const open_files = [] {
    return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator{});
  };
  TempDirectory const place;
  write_pair(place.path(), 0);
  Watched watched(source_in(place.path()));
  auto const before = open_files();
  {
    source::Watcher another(watched.loop.get_executor(), watched.log);
    auto const subscriber = another.subscribe([] {});
    (void)another.arm(subscriber, source_in(place / "missing"));
    (void)another.arm(subscriber, source_in("/proc/1"));
    CHECK(open_files() == before + 1);
  }
  CHECK(open_files() == before);
  rename_over(place / "tls.crt", "other");
  CHECK(watched.told());
}
