#include "hook/group.hpp"

#include <algorithm>
#include <fcntl.h>
#include <vector>

#include <doctest/doctest.h>

#include "base/file_lock.hpp"
#include "base/unique_fd.hpp"
#include "log/log.hpp"
#include "loop/asio.hpp"
#include "support/holds.hpp"
#include "support/run_task.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using namespace std::chrono_literals;
using certpivot::testing::holds;

namespace {

/// Counts its calls, and takes as long as a turn of the loop.
struct Counting final : hook::Hook {
  unsigned checks = 0;
  unsigned reloads = 0;
  unsigned at_once = 0;
  unsigned most_at_once = 0;
  std::string refuses = {};  ///< the run of this certificate alone, or of several with it
  std::vector<std::string> asked = {};

  std::string name() const override { return "counting"; }
  Task<Result<void>> check(event::Event const& /*event*/) override {
    ++checks;
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    co_return Result<void>();
  }
  Task<Result<void>> reload(event::Event const& event) override {
    ++reloads;
    asked.push_back(event.certificate);
    most_at_once = std::max(most_at_once, ++at_once);
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    --at_once;
    if (fails_always || event.certificate == refuses) co_return fail("the server does not take it");
    co_return Result<void>();
  }
  bool fails_always = false;
};

struct World {
  explicit World(settings::Hook const& rules) : hook_settings(rules) {
    hook_settings.retries = 0;
    group = groups.of(hook_settings);
  }
  /// Runs the hook for each certificate, all at once; how many had an error.
  int run(std::vector<std::string> const& certificates, event::Kind kind = event::Kind::accepted) {
    int failures = 0;
    auto& loop = testing::lasting_loop();
    loop.restart();
    for (std::string const& certificate : certificates) {
      event::Event about;
      about.kind = kind;
      about.certificate = certificate;
      asio::co_spawn(loop, one(about, failures), asio::detached);
    }
    loop.run();
    return failures;
  }
  Task<void> one(event::Event about, int& failures) {
    auto const ran = co_await group->run(counting, hook_settings, about, stake);
    if (!ran) ++failures;
  }

  Log log = Log(LogLevel::error, LogFormat::text, false);
  LoopTimer timer = {};
  double share = 0;  ///< of the splay
  hook::Group::Stake stake = hook::Group::Stake::rollback;
  hook::Groups groups =
      hook::Groups({timer, testing::lasting_workers(), log, [this] { return share; }});
  settings::Hook hook_settings;
  std::shared_ptr<hook::Group> group = {};
  Counting counting = {};
};

settings::Hook grouped() {
  settings::Hook hook;
  hook.group = "web";
  return hook;
}

settings::Hook locked_by(std::string const& path) {
  settings::Hook hook;
  hook.lock = path;
  return hook;
}

/// Somebody else's hand on the lock.
UniqueFd take(std::string const& path) {
  UniqueFd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  REQUIRE(lock_within(lock.get(), {}) == 0);
  return lock;
}

std::vector<std::string> many() {
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) names.push_back("c" + std::to_string(i));
  return names;
}

}  // namespace

TEST_CASE("a hundred certificates of one group are one run") {
  World world(grouped());
  CHECK(world.run(many()) == 0);
  CHECK(world.counting.reloads == 1);
}

TEST_CASE("hooks without a group run each for itself, and beside each other") {
  World world{settings::Hook{}};
  World other{settings::Hook{}};
  CHECK(world.group != other.group);
  CHECK(world.run({"a"}) == 0);
  CHECK(other.run({"b"}) == 0);
  CHECK(world.counting.reloads == 1);
}

TEST_CASE("one group has its runs one after the other") {
  World world(settings::Hook{});
  CHECK(world.run({"a", "b", "c"}) == 0);
  CHECK(world.counting.reloads == 3);
  CHECK(world.counting.most_at_once == 1);
}

TEST_CASE("a failed run is everybody's, and the next time each goes alone") {
  World world(grouped());
  world.counting.refuses = "a";
  // The first that came runs for all.
  CHECK(world.run({"a", "b", "c"}) == 3);
  CHECK(world.counting.reloads == 1);
  CHECK(world.run({"a", "b", "c"}, event::Kind::rolled_back) == 3);
  CHECK(world.counting.reloads == 2);

  world.counting.asked.clear();
  CHECK(world.run({"a", "b", "c"}) == 1);
  CHECK(world.counting.asked == std::vector<std::string>{"a", "b", "c"});
  // That is over with it.
  world.counting.refuses.clear();
  world.counting.asked.clear();
  CHECK(world.run({"b", "c"}) == 0);
  CHECK(world.counting.asked.size() == 1);
}

TEST_CASE("where a failure makes nobody go back, all stay together for the next run") {
  World world(grouped());
  world.stake = hook::Group::Stake::debt;
  world.counting.fails_always = true;
  CHECK(world.run(many()) == 100);
  world.counting.fails_always = false;
  CHECK(world.run(many()) == 0);
  CHECK(world.counting.reloads == 2);
}

TEST_CASE("a run waits for min_interval after the last, a way back does not") {
  auto rules = grouped();
  rules.min_interval = 300ms;
  World world(rules);
  CHECK(world.run({"a"}) == 0);
  auto const after_first = world.timer.now();
  CHECK(world.run({"b"}) == 0);
  CHECK(world.timer.now() - after_first >= 300ms);
  auto const after_second = world.timer.now();
  rules.min_interval = std::chrono::hours(1);
  World patient(rules);
  CHECK(patient.run({"a"}) == 0);
  CHECK(patient.run({"a"}, event::Kind::rolled_back) == 0);
  CHECK(patient.timer.now() - after_second < std::chrono::minutes(30));
}

TEST_CASE("who waits for its time goes when the process is to end") {
  auto rules = grouped();
  rules.splay = std::chrono::hours(1);
  World world(rules);
  world.share = 1;
  asio::steady_timer later(testing::lasting_loop(), 50ms);
  later.async_wait([&](boost::system::error_code const&) { world.group->hurry(); });
  CHECK(world.run({"a"}) == 0);
  CHECK(world.counting.reloads == 1);
}

TEST_CASE("those of a group that ask at once ask once") {
  World world(grouped());
  auto& loop = testing::lasting_loop();
  loop.restart();
  event::Event const about;
  int answers = 0;
  auto const ask = [&]() -> Task<void> {
    auto const fit = co_await world.group->check(world.counting, world.hook_settings, about);
    if (fit) ++answers;
  };
  for (int i = 0; i < 3; ++i) asio::co_spawn(loop, ask(), asio::detached);
  loop.run();
  CHECK(answers == 3);
  CHECK(world.counting.checks == 1);
}

TEST_CASE("the lock is held while the hook runs, and waited for") {
  testing::TempDirectory const directory;
  std::string const path = (directory / "lock").string();
  World world(locked_by(path));
  UniqueFd held = take(path);
  asio::steady_timer later(testing::lasting_loop(), 50ms);
  bool was_free = true;
  later.async_wait([&](boost::system::error_code const&) {
    was_free = world.counting.reloads != 0;
    held = UniqueFd();
  });
  CHECK(world.run({"a"}) == 0);
  CHECK_FALSE(was_free);
  CHECK(world.counting.reloads == 1);
}

TEST_CASE("who waits for a lock while certpivot ends does not wait any longer") {
  testing::TempDirectory const directory;
  std::string const path = (directory / "lock").string();
  World world(locked_by(path));
  UniqueFd const held = take(path);
  world.group->hurry();
  CHECK(world.run({"a"}) == 1);
  CHECK(world.counting.reloads == 0);
}

TEST_CASE("a lock that could not be opened is found before the pivot, and none is made") {
  testing::TempDirectory const directory;
  auto& workers = testing::lasting_workers();
  std::string const path = (directory / "lock").string();
  CHECK(testing::run_task(hook::check_lock("", workers)));
  CHECK(testing::run_task(hook::check_lock(path, workers)));
  CHECK(!std::filesystem::exists(path));
  for (std::string const& bad : {directory.string(), path + "/none/lock"}) {
    auto const fit = testing::run_task(hook::check_lock(bad, workers));
    REQUIRE_FALSE(fit);
    CHECK(holds(fit.error().text(), "cannot open the lock " + bad));
  }
}

TEST_CASE("a lock that cannot be opened is told with its path") {
  settings::Hook rules;
  rules.lock = "/nonexistent/lock";
  World world(rules);
  event::Event const about;
  auto const ran = testing::run_task(
      world.group->run(world.counting, world.hook_settings, about, hook::Group::Stake::rollback));
  REQUIRE_FALSE(ran);
  CHECK(holds(ran.error().text(), "/nonexistent/lock"));
  CHECK(world.counting.reloads == 0);
}
