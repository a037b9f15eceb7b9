#include "journal/database.hpp"

#include <csignal>
#include <filesystem>
#include <limits>
#include <ostream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>

#include "base/on_exit.hpp"
#include "journal/schema.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using namespace certpivot::journal;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

WallTime const noon{std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) + 12h + 345ms};

CertificateFacts leaf() {
  return {"CN=web",
          "CN=\"issuer\xFF",
          "0A",
          "abcd",
          {"web.internal", "line\nbreak", "back\\nslash", "", std::string("nul\0x", 5)},
          noon - 24h,
          noon + 24h};
}

Rollout rollout(std::uint64_t generation, std::string const& certificate = "web") {
  Rollout begun;
  begun.certificate = certificate;
  begun.generation = generation;
  begun.previous = generation - 1;
  begun.digest = "digest";
  begun.step = "stage";
  begun.leaf = leaf();
  begun.started = noon;
  return begun;
}

InForce in_force(std::uint64_t generation, bool hooks_owed = false) {
  return {generation, "digest", leaf(), hooks_owed};
}

/// A state directory, opened anew whenever a test wants to see what survived.
struct State {
  [[nodiscard]] std::string path() const { return (directory / "state").string(); }
  [[nodiscard]] std::string database() const { return path() + "/journal.db"; }
  Journal& open() {
    opened = {};
    auto again = open_database(path());
    REQUIRE_MESSAGE(again, again.error().text());
    opened = std::move(*again);
    return *opened.journal;
  }

  testing::TempDirectory directory = {};
  Opened opened = {};
};

::mode_t mode_of(std::string const& path) {
  struct ::stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  return facts.st_mode & 07777;
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for (auto const& entry : fs::directory_iterator("/proc/self/fd")) {
    (void)entry;
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("a new journal knows nothing") {
  State state;
  Journal const& journal = state.open();
  CHECK(state.opened.note.empty());
  CHECK(journal.in_force("web") == InForce{});
  CHECK(journal.last_generation("web") == std::uint64_t{0});
  CHECK(journal.unfinished("web")->empty());
  CHECK(journal.history("web", 10)->empty());
}

TEST_CASE("the state directory is its owner's alone, and so are the files") {
  State state;
  ::mode_t const before = ::umask(0);
  OnExit const restore([before] { (void)::umask(before); });
  Journal& journal = state.open();
  REQUIRE(journal.begin(rollout(1)));
  CHECK(mode_of(state.path()) == 0700);
  for (auto const& entry : fs::directory_iterator(state.path()))
    CHECK_MESSAGE(mode_of(entry.path()) == 0600, entry.path().string());
}

TEST_CASE("missing parents of the state directory are made for others to pass") {
  State state;
  ::mode_t const before = ::umask(0077);
  auto const opened = open_database((state.directory / "a/b/state/").string());
  (void)::umask(before);
  REQUIRE(opened);
  CHECK(mode_of((state.directory / "a/b").string()) == 0755);
  CHECK(mode_of((state.directory / "a/b/state").string()) == 0700);
}

TEST_CASE("a rollout survives a new start after each of its steps") {
  State state;
  Rollout expected = rollout(7);
  auto const id = state.open().begin(expected);
  REQUIRE(id);
  expected.id = *id;
  CHECK(state.open().unfinished("web") == std::vector{expected});
  for (char const* step : {"check", "pivot", "hook", "probe"}) {
    REQUIRE(state.open().about_to(*id, step, "", Outlives::power_cut));
    expected.step = step;
    CHECK(state.open().unfinished("web") == std::vector{expected});
    CHECK(state.open().in_force("web") == InForce{});
  }
  REQUIRE(state.open().end(*id, "committed", "", noon + 5s, in_force(7, true)));
  expected.outcome = "committed";
  expected.ended = noon + 5s;
  Journal const& journal = state.open();
  CHECK(journal.unfinished("web")->empty());
  CHECK(journal.history("web", 10) == std::vector{expected});
  CHECK(journal.in_force("web") == in_force(7, true));
  CHECK(journal.last_generation("web") == std::uint64_t{7});
  CHECK(state.opened.note.empty());
}

TEST_CASE("what was written is there after the process was killed") {
  State state;
  int ends[2] = {-1, -1};
  REQUIRE(::pipe(ends) == 0);
  ::pid_t const child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto opened = open_database(state.path());
    if (!opened) ::_exit(2);
    auto const id = opened->journal->begin(rollout(1));
    if (!id || !opened->journal->about_to(*id, "pivot", "", Outlives::power_cut)) ::_exit(3);
    (void)!::write(ends[1], "x", 1);
    ::raise(SIGKILL);
    ::_exit(4);
  }
  ::close(ends[1]);
  char ready = 0;
  CHECK(::read(ends[0], &ready, 1) == 1);
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  auto const unfinished = state.open().unfinished("web");
  REQUIRE(unfinished->size() == 1);
  CHECK(unfinished->front().step == "pivot");
  CHECK(state.opened.note.empty());
}

TEST_CASE("a rollout without a leaf, and nothing in force without one, come back so") {
  State state;
  Rollout bare = rollout(1);
  bare.leaf.reset();
  auto const id = state.open().begin(bare);
  REQUIRE(id);
  CHECK_FALSE(state.open().unfinished("web")->front().leaf.has_value());
  REQUIRE(state.open().end(*id, "rolled_back", "the hook failed", noon, InForce{}));
  CHECK(state.open().in_force("web") == InForce{});
  CHECK(state.open().history("web", 1)->front().reason == "the hook failed");
}

TEST_CASE("a rollout that ended takes no further step and does not end again") {
  State state;
  Journal& journal = state.open();
  auto const id = journal.begin(rollout(1));
  REQUIRE(id);
  REQUIRE(journal.end(*id, "committed", "", noon, in_force(1)));
  CHECK_FALSE(journal.about_to(*id, "pivot", "", Outlives::power_cut));
  CHECK_FALSE(journal.end(*id, "failed", "", noon, in_force(9)));
  CHECK_FALSE(journal.about_to(999, "pivot", "", Outlives::power_cut));
  CHECK(journal.in_force("web") == in_force(1));
  // The refused calls have left no transaction open.
  CHECK(journal.begin(rollout(2)));
}

TEST_CASE("numbers of generations only rise, also where an older one is in force again") {
  State state;
  Journal& journal = state.open();
  for (std::uint64_t const generation : {7U, 3U}) {
    auto const id = journal.begin(rollout(generation));
    REQUIRE(id);
    REQUIRE(journal.end(*id, "committed", "", noon, in_force(generation)));
  }
  CHECK(journal.last_generation("web") == std::uint64_t{7});
  CHECK(journal.last_generation("other") == std::uint64_t{0});
}

TEST_CASE("certificates are kept apart, and history is newest first") {
  State state;
  Journal& journal = state.open();
  for (std::uint64_t generation = 1; generation <= 3; ++generation) {
    REQUIRE(journal.begin(rollout(generation)));
    REQUIRE(journal.begin(rollout(generation + 10, "other")));
  }
  auto const history = journal.history("web", 2);
  REQUIRE(history->size() == 2);
  CHECK(history->at(0).generation == 3);
  CHECK(history->at(1).generation == 2);
  CHECK(journal.history("web", std::numeric_limits<std::size_t>::max())->size() == 3);
  auto const unfinished = journal.unfinished("web");
  REQUIRE(unfinished->size() == 3);
  CHECK(unfinished->front().generation == 1);
}

TEST_CASE(
    "of finished rollouts the newest 1,000 of each certificate stay, of unfinished ones all") {
  auto opened = open_in_memory();
  REQUIRE(opened);
  Journal& journal = **opened;
  REQUIRE(journal.begin(rollout(1)));
  auto const other = journal.begin(rollout(1, "other"));
  REQUIRE(journal.end(*other, "committed", "", noon, in_force(1)));
  for (std::uint64_t generation = 2; generation <= 1'006; ++generation) {
    auto const id = journal.begin(rollout(generation));
    REQUIRE(id);
    REQUIRE(journal.end(*id, "committed", "", noon, in_force(generation)));
  }
  auto const history = journal.history("web", 5'000);
  REQUIRE(history->size() == 1'001);
  CHECK(history->front().generation == 1'006);
  CHECK(history->at(999).generation == 7);
  CHECK(history->back().generation == 1);
  CHECK(journal.history("other", 10)->size() == 1);
}

TEST_CASE("a second daemon on the same state is refused by the first one's process id") {
  State state;
  state.open();
  std::size_t const before = open_descriptors();
  auto const second = open_database(state.path());
  REQUIRE_FALSE(second);
  CHECK(second.error().text().find("process " + std::to_string(::getpid())) != std::string::npos);
  CHECK(second.error().remedy.find("agent.state") != std::string::npos);
  CHECK(open_descriptors() == before);
  state.opened = {};
  CHECK(open_database(state.path()));
}

TEST_CASE("a damaged database is set aside whole, and said so") {
  State state;
  Journal& journal = state.open();
  for (std::uint64_t generation = 1; generation <= 50; ++generation)
    REQUIRE(journal.begin(rollout(generation)));
  state.opened = {};
  std::string damaged;
  SUBCASE("a text file") { damaged = std::string(5'000, 't'); }
  SUBCASE("a few bytes") { damaged = "x"; }
  SUBCASE("an empty file") { damaged = ""; }
  SUBCASE("cut off in the middle") {
    damaged = testing::read_file(state.database());
    damaged.resize(damaged.size() / 2);
  }
  SUBCASE("a page overwritten") {
    damaged = testing::read_file(state.database());
    damaged.replace(4096, 4096, std::string(4096, '\xA5'));
  }
  testing::write_file(state.database(), damaged);
  Journal& anew = state.open();
  CHECK(state.opened.note.find("set aside as " + state.database() + ".damaged-") !=
        std::string::npos);
  CHECK(anew.history("web", 100)->empty());
  REQUIRE(anew.begin(rollout(1)));
  bool found = false;
  for (auto const& entry : fs::directory_iterator(state.path()))
    if (entry.path().string().find(".damaged-") != std::string::npos &&
        testing::read_file(entry.path()) == damaged)
      found = true;
  CHECK(found);
  CHECK(state.open().history("web", 100)->size() == 1);
  CHECK(state.opened.note.empty());
}

TEST_CASE("the published bundle is remembered over a start, for each certificate its own") {
  State state;
  Journal& journal = state.open();
  CHECK(journal.last_bundle("web") == "");
  CHECK(journal.remember_bundle("web", "one"));
  CHECK(journal.remember_bundle("api", "two"));
  CHECK(journal.remember_bundle("web", "three"));
  CHECK(journal.remember_bundle("web", "three"));
  Journal const& again = state.open();
  CHECK(again.last_bundle("web") == "three");
  CHECK(again.last_bundle("api") == "two");
}

TEST_CASE("what counts of the past is read beside a running daemon, and nothing is made for it") {
  State state;
  auto const none = journal::past_of(state.path(), "web");
  REQUIRE(none);
  CHECK_FALSE(none->last_rollout);
  CHECK(none->last_bundle.empty());
  CHECK_FALSE(std::filesystem::exists(state.database()));
  Journal& journal = state.open();
  CHECK(journal.remember_bundle("web", "one"));
  CHECK(journal.begin({.certificate = "web", .generation = 7}));
  auto const past = journal::past_of(state.path(), "web");
  REQUIRE(past);
  REQUIRE(past->last_rollout);
  CHECK(past->last_rollout->generation == 7);
  CHECK(past->last_bundle == "one");
  CHECK_FALSE(journal::past_of(state.path(), "api")->last_rollout);
}

TEST_CASE("a journal of an older certpivot is brought up to date with what it holds") {
  // What the versions before had, less and less of it.
  std::vector<std::vector<std::string>> const lacks{
      {"DROP TABLE bundles"},
      {"DROP TABLE bundles", "ALTER TABLE rollouts DROP COLUMN key",
       "ALTER TABLE rollouts DROP COLUMN security_bits", "ALTER TABLE certificates DROP COLUMN key",
       "ALTER TABLE certificates DROP COLUMN security_bits"}};
  std::int64_t version = journal::schema_version;
  for (auto const& lack : lacks) {
    --version;
    CAPTURE(version);
    State state;
    auto const id = state.open().begin(rollout(7));
    REQUIRE(id);
    REQUIRE(state.opened.journal->end(*id, "committed", "", noon, in_force(7, true)));
    state.opened = {};
    {
      auto database = journal::Database::open(state.database());
      REQUIRE(database);
      for (std::string const& words : lack) REQUIRE(database->execute(words.c_str()));
      std::string const set = "PRAGMA user_version=" + std::to_string(version);
      REQUIRE(database->execute(set.c_str()));
    }
    Journal& journal = state.open();
    CHECK(state.opened.note.empty());
    CHECK(journal.in_force("web")->generation == 7);
    CHECK(journal.in_force("web")->hooks_owed);
    CHECK(journal.history("web", 9)->size() == 1);
    CHECK(journal.remember_bundle("web", "one"));
    CHECK(state.open().last_bundle("web") == "one");
  }
}

TEST_CASE("a journal of a newer certpivot is refused and stays as it is") {
  State state;
  state.open();
  state.opened = {};
  std::string database = testing::read_file(state.database());
  database.replace(60, 4, std::string("\0\0\0\x63", 4));  // user_version, by SQLite's file format
  testing::write_file(state.database(), database);
  auto const refused = open_database(state.path());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().text().find("a newer certpivot made it (schema 99") != std::string::npos);
  CHECK(testing::read_file(state.database()) == database);
}

TEST_CASE("a state that cannot be used is told") {
  State state;
  SUBCASE("a file in place of the directory") { testing::write_file(state.path(), ""); }
  SUBCASE("a directory in place of the database") { fs::create_directories(state.database()); }
  SUBCASE("a link in place of the lock") {
    fs::create_directories(state.path());
    fs::create_symlink("/etc/passwd", state.path() + "/lock");
  }
  std::size_t const before = open_descriptors();
  auto const refused = open_database(state.path());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().text().find(state.path()) != std::string::npos);
  CHECK_FALSE(refused.error().why.empty());
  CHECK(open_descriptors() == before);
}

TEST_CASE("many threads may use one journal") {
  State state;
  Journal& journal = state.open();
  std::vector<std::thread> threads;
  for (unsigned thread = 0; thread < 4; ++thread)
    threads.emplace_back([&journal, thread] {
      std::string const name = "certificate " + std::to_string(thread);
      for (std::uint64_t generation = 1; generation <= 10; ++generation) {
        auto const id = journal.begin(rollout(generation, name));
        if (!id || !journal.about_to(*id, "pivot", "", Outlives::power_cut) ||
            !journal.end(*id, "committed", "", noon, in_force(generation)))
          return;
      }
    });
  for (auto& thread : threads) thread.join();
  for (unsigned thread = 0; thread < 4; ++thread) {
    std::string const name = "certificate " + std::to_string(thread);
    CHECK(journal.in_force(name) == in_force(10));
    CHECK(journal.history(name, 100)->size() == 10);
  }
}

TEST_CASE("a journal in memory remembers as long as it is open, and leaves no file") {
  auto journal = open_in_memory();
  REQUIRE(journal);
  REQUIRE((*journal)->begin(rollout(3)));
  CHECK((*journal)->last_generation("web") == std::uint64_t{3});
  auto other = open_in_memory();
  CHECK((*other)->last_generation("web") == std::uint64_t{0});
  CHECK_FALSE(fs::exists(":memory:"));
}
