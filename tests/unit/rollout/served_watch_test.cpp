#include "rollout/served_watch.hpp"

#include <fcntl.h>
#include <functional>

#include <doctest/doctest.h>

#include "base/unique_fd.hpp"
#include "loop/asio.hpp"
#include "support/flow_world.hpp"
#include "support/run_task.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using namespace certpivot::testing;
using rollout::ServedWatch;

namespace {

// Answers as the test has it, one call a step.
class SteppedProbe final : public probe::Probe {
 public:
  using Step = std::function<Task<Result<void>>()>;
  Task<Result<void>> prove(settings::Probe const&, probe::Expected const& expected,
                           crypto::ClientPair const*) override {
    asked.push_back(expected);
    return steps.at(asked.size() - 1)();
  }
  std::vector<Step> steps = {};
  std::vector<probe::Expected> asked = {};
};

Task<Result<void>> answer(Result<void> given) { co_return given; }

// A watch over the first generation of a certificate with one probe, whose interval is as short as
// one can be.
struct Scenery {
  static rollout::Parts parts_of(FlowWorld& flow) {
    rollout::Parts parts = flow.parts();
    parts.settings.probes = {{.address = "127.0.0.1:443", .interval = Duration(1)}};
    return parts;
  }

  SteppedProbe::Step misses() {
    return [] { return answer(fail("not proved", "127.0.0.1:443", "it is another")); };
  }
  SteppedProbe::Step serves() {
    return [] { return answer({}); };
  }
  SteppedProbe::Step ends() {
    return [this] {
      watch.stop();
      return answer({});
    };
  }
  // The events in the log, in their order.
  std::vector<std::string> run(std::vector<SteppedProbe::Step> steps) {
    probe.steps = std::move(steps);
    run_task(watch.run(), loop);
    std::vector<std::string> events;
    std::string const text = read_file(directory / "log");
    std::string const mark = "\"event\":\"";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
      at += mark.size();
      events.push_back(text.substr(at, text.find('"', at) - at));
    }
    return events;
  }

  TempDirectory directory = {};
  FlowWorld flow = {};
  asio::io_context& loop = lasting_loop();
  LoopTimer timer = {};
  SteppedProbe probe = {};
  UniqueFd lines{::open((directory / "log").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)};
  Log log{LogLevel::info, LogFormat::json, false, lines.get()};
  rollout::World shared = flow.world();
  rollout::World world{shared.wall,   timer, shared.workers, shared.journal, probe,
                       shared.groups, log};
  rollout::Parts parts = parts_of(flow);
  rollout::Voice voice{world, "web"};
  journal::InForce in_force = flow.roll_out(flow.authority.issue(), flow.begin()).in_force;
  ServedWatch watch{loop.get_executor(), world, parts, voice};
};

using Events = std::vector<std::string>;

}  // namespace

TEST_CASE("without an interval there is nothing to watch") {
  Scenery scene;
  scene.parts.settings.probes = {{.interval = Duration::zero()}};
  ServedWatch watch(scene.loop.get_executor(), scene.world, scene.parts, scene.voice);
  watch.follow(scene.in_force, true);
  run_task(watch.run(), scene.loop);
  CHECK(scene.probe.asked.empty());
}

TEST_CASE("that something else is served is told once, and that it has passed") {
  Scenery scene;
  scene.watch.follow(scene.in_force, false);
  CHECK(scene.run({scene.serves(), scene.misses(), scene.misses(), scene.serves(), scene.serves(),
                   scene.misses(), scene.ends()}) ==
        Events{"not_served", "recovered", "not_served"});
  CHECK(scene.probe.asked.front().name == "generation 1");
  CHECK(scene.probe.asked.front().leaf == *scene.in_force.leaf);
  std::string const text = read_file(scene.directory / "log");
  CHECK(text.find("generation 1 is in force, but is not served at 127.0.0.1:443: it is another; "
                  "see that the server runs and reads ") != std::string::npos);
  CHECK(text.find("127.0.0.1:443 serves generation 1 again") != std::string::npos);
}

TEST_CASE("a rollout that proves it ends what was told") {
  Scenery scene;
  scene.watch.follow(scene.in_force, false);
  auto const rollout_proves = [&scene] {
    scene.watch.pause();
    scene.watch.follow(scene.in_force, true);
    return answer({});
  };
  CHECK(scene.run({scene.misses(), rollout_proves, scene.ends()}) ==
        Events{"not_served", "recovered"});
}

TEST_CASE("a rollout that begins ends the probe under way, whose answer is void") {
  Scenery scene;
  scene.watch.follow(scene.in_force, false);
  auto const rollout_begins = [&scene]() -> Task<Result<void>> {
    Alarm alarm(scene.loop.get_executor());
    asio::post(scene.loop, [&scene] {
      scene.watch.pause();
      scene.watch.follow(scene.in_force, false);
    });
    co_await alarm.wait_until(Alarm::never);
    co_return fail("too late");
  };
  CHECK(scene.run({rollout_begins, scene.ends()}) == Events{});
}

TEST_CASE("nothing is probed where nothing is in force, or its hooks are owed") {
  Scenery scene;
  scene.watch.follow({}, false);
  scene.in_force.hooks_owed = true;
  scene.watch.follow(scene.in_force, false);
  asio::post(scene.loop, [&scene] { scene.watch.stop(); });
  CHECK(scene.run({}) == Events{});
  CHECK(scene.probe.asked.empty());
}

TEST_CASE("the generation before is known by its leaf") {
  Scenery scene;
  auto const second = scene.flow.roll_out(scene.flow.authority.issue(), scene.in_force).in_force;
  scene.watch.follow(second, false);
  CHECK(scene.run({scene.ends()}) == Events{});
  auto const& others = scene.probe.asked.front().others;
  REQUIRE(others.size() == 1);
  CHECK(others[0].fingerprint == scene.in_force.leaf->fingerprint);
  CHECK(others[0].name == "generation 1, in force before");
}
