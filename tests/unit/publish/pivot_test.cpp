#include <array>
#include <atomic>
#include <fcntl.h>
#include <ostream>
#include <sys/mount.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>

#include "base/unique_fd.hpp"
#include "unit/publish/published.hpp"

using namespace certpivot;
using namespace certpivot::testing;
namespace fs = std::filesystem;

namespace {

std::string read_below(int directory, char const* name) {
  UniqueFd const file(::openat(directory, name, O_RDONLY | O_CLOEXEC));
  std::array<char, 64> bytes{};
  ::ssize_t const length =
      file.valid() ? ::read(file.get(), bytes.data(), bytes.size()) : ::ssize_t{-1};
  return length < 0 ? "cannot read" : std::string(bytes.data(), static_cast<std::size_t>(length));
}

}  // namespace

TEST_CASE("a pivot makes the generation current, with links of fixed names") {
  Published const published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  REQUIRE(target->stage(1, {"chain", "key", "anchors"}));
  CHECK(target->current() == publish::Number{0});
  REQUIRE(target->pivot(1));
  CHECK(target->current() == publish::Number{1});
  CHECK(fs::read_symlink(published.at("current")) == "generations/1");
  CHECK(fs::read_symlink(published.at("tls.crt")) == "current/tls.crt");
  CHECK(read_file(published.at("tls.crt")) == "chain");
  CHECK(read_file(published.at("tls.key")) == "key");
  CHECK(read_file(published.at("ca.crt")) == "anchors");
  CHECK(tree(published.settings.directory) ==
        "ca.crt current generations generations/1 generations/1/ca.crt generations/1/tls.crt "
        "generations/1/tls.key tls.crt tls.key ");
}

TEST_CASE("links of fixed names are made once and left alone") {
  Published const published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  REQUIRE(target->stage(1, content("a")));
  REQUIRE(target->stage(2, content("b")));
  REQUIRE(target->pivot(1));
  struct ::stat before {};
  REQUIRE(::lstat(published.at("tls.crt").c_str(), &before) == 0);
  REQUIRE(target->pivot(2));
  struct ::stat after {};
  REQUIRE(::lstat(published.at("tls.crt").c_str(), &after) == 0);
  CHECK(before.st_ino == after.st_ino);
  CHECK(read_file(published.at("tls.crt")) == "b");
}

TEST_CASE("the ca link comes and goes with the ca") {
  Published const published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  REQUIRE(target->stage(1, {"a", "a", std::nullopt}));
  REQUIRE(target->stage(2, {"b", "b", "b"}));
  REQUIRE(target->pivot(1));
  CHECK_FALSE(fs::is_symlink(published.at("ca.crt")));
  REQUIRE(target->pivot(2));
  CHECK(read_file(published.at("ca.crt")) == "b");
  REQUIRE(target->pivot(1));
  CHECK_FALSE(fs::is_symlink(published.at("ca.crt")));
}

TEST_CASE("links of further files come and go with the files, those of others stay away") {
  Published published;
  published.settings.combined = "all.pem";
  published.settings.fullchain = "full.pem";
  auto const first = published.open();
  REQUIRE(first->prepare());
  REQUIRE(first->stage(1, {"a", "a", {}, "a"}));
  REQUIRE(first->pivot(1));
  for (char const* name : {"all.pem", "ca.crl", "full.pem"})
    CHECK(fs::read_symlink(published.at(name)) == std::string("current/") + name);
  published.settings.combined = "other.pem";
  auto const second = published.open();
  REQUIRE(second->stage(2, {"b", "b", "b"}));
  REQUIRE(second->pivot(2));
  for (char const* name : {"all.pem", "ca.crl"}) CHECK_FALSE(fs::is_symlink(published.at(name)));
  CHECK(read_file(published.at("other.pem")) == "b\nb\n");
  CHECK(read_file(published.at("full.pem")) == "b");
  REQUIRE(second->pivot(1));
  CHECK(read_file(published.at("all.pem")) == "a\na\n");
  CHECK_FALSE(fs::is_symlink(published.at("other.pem")));
  CHECK_FALSE(fs::is_symlink(published.at("ca.crt")));
}

TEST_CASE("a foreign file with the name of a further file stops the pivot before anything moved") {
  Published published;
  auto const plain = published.open();
  REQUIRE(plain->prepare());
  REQUIRE(plain->stage(1, content("a")));
  REQUIRE(plain->pivot(1));
  published.settings.combined = "all.pem";
  auto const target = published.open();
  REQUIRE(target->stage(2, content("b")));
  write_file(published.at("all.pem"), "theirs");
  CHECK_FALSE(target->pivot(2));
  CHECK(target->current() == publish::Number{1});
  CHECK(read_file(published.at("all.pem")) == "theirs");
}

TEST_CASE("a pivot to what is not there changes nothing") {
  Published const published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  REQUIRE(target->stage(1, content("a")));
  REQUIRE(target->pivot(1));
  auto const failed = target->pivot(2);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().text().find("generations/2: it is not there") != std::string::npos);
  CHECK(target->current() == publish::Number{1});
}

TEST_CASE("a foreign file with a fixed name stops the pivot before anything moved") {
  Published const published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  REQUIRE(target->stage(1, content("a")));
  write_file(published.at("tls.key"), "theirs");
  CHECK_FALSE(target->pivot(1));
  CHECK(target->current() == publish::Number{0});
  CHECK(read_file(published.at("tls.key")) == "theirs");
}

TEST_CASE("the leftover link of a crash is in no pivot's way") {
  Published const published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  REQUIRE(target->stage(1, content("a")));
  fs::create_symlink("generations/9", published.at(".current-1"));
  REQUIRE(target->pivot(1));
  CHECK(target->current() == publish::Number{1});
  CHECK_FALSE(fs::is_symlink(published.at(".current-1")));
}

TEST_CASE("a reader that opened current once never sees a mixed pair, in 2,000 pivots") {
  Published const published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  REQUIRE(target->stage(1, content("first")));
  REQUIRE(target->stage(2, content("second")));
  REQUIRE(target->pivot(1));
  std::atomic<bool> stopping = false;
  std::atomic<unsigned> pairs = 0;
  std::atomic<unsigned> mixed = 0;
  std::atomic<unsigned> second = 0;
  std::thread reader([&] {
    while (!stopping) {
      UniqueFd const current(
          ::open(published.at("current").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
      std::string const certificate = read_below(current.get(), "tls.crt");
      std::string const key = read_below(current.get(), "tls.key");
      ++pairs;
      if (certificate != key || (key != "first" && key != "second")) ++mixed;
      if (key == "second") ++second;
    }
  });
  unsigned failed = 0;
  // More turns than that only where the reader was not let run meanwhile.
  for (unsigned turn = 0; turn < 2'000 || (second == 0 && turn < 200'000); ++turn)
    if (!target->pivot(turn % 2 == 0 ? 2 : 1)) ++failed;
  stopping = true;
  reader.join();
  CHECK(failed == 0);
  CHECK(mixed == 0);
  CHECK(pairs > 0);
  CHECK(second > 0);
}

TEST_CASE("failing calls leave no descriptor open") {
  Published const published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  REQUIRE(target->stage(1, content("a")));
  std::size_t const before = open_descriptors();
  CHECK_FALSE(target->pivot(2));
  CHECK_FALSE(target->load(2));
  CHECK_FALSE(target->stage(1, content("b")));
  fs::create_symlink("/etc", published.at("current"));
  CHECK_FALSE(target->prepare());
  CHECK_FALSE(target->pivot(1));
  CHECK_FALSE(target->discard(1));
  CHECK_FALSE(target->prune(1, 0));
  CHECK(open_descriptors() == before);
}
