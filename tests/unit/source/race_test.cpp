// Threads that arm, re-arm and unsubscribe on the same directories while these change; what counts
// is that the last state is watched right, and that ThreadSanitizer has nothing to say.
#include <thread>

#include "support/sources.hpp"
#include "support/temp_directory.hpp"
#include "unit/source/watched.hpp"

using namespace certpivot;
using namespace certpivot::testing;

TEST_CASE("arming and unsubscribing in many threads never costs another subscriber its watch") {
  TempDirectory const place;
  AtomicWriter writer(place / "web");
  writer.write({{"tls.crt", "0"}, {"tls.key", "0"}});
  settings::Source source;
  source.directory = (place / "web").string();
  settings::Source missing;
  missing.directory = (place / "web/none").string();
  Watched watched(source);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&] {
        for (int turn = 0; turn < 20; ++turn) {
          auto const passing = watched.watcher.subscribe([] {});
          (void)watched.watcher.arm(passing, turn % 2 == 0 ? source : missing);
          watched.watcher.unsubscribe(passing);
        }
      });
    writer.write({{"tls.crt", std::to_string(round)}, {"tls.key", std::to_string(round)}});
    (void)watched.watcher.arm(watched.subscriber, source);
    for (auto& thread : threads) thread.join();
    watched.drain();
    rename_over(place / "web/..data/tls.key", "changed");
    REQUIRE(watched.told());
  }
  watched.watcher.unsubscribe(watched.subscriber);
  CHECK(watched.watcher.watched() == 0);
}
