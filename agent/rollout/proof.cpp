#include "rollout/proof.hpp"

#include <utility>

#include "loop/asio.hpp"
#include "loop/on_worker.hpp"

namespace certpivot::rollout {

Task<Result<void>> prove(World const& world, Parts const& parts, probe::Expected const& expected,
                         PairToOffer const& pair) {
  std::optional<crypto::ClientPair> offered;
  for (settings::Probe const& probe : parts.settings.probes) {
    if (probe.present && !offered) {
      auto found = co_await on_worker(world.workers, pair);
      if (!found) co_return fail(found.error());
      offered = std::move(*found);
    }
    bool const offers = probe.present && offered;
    auto const proved = co_await world.probe.prove(probe, expected, offers ? &*offered : nullptr);
    if (!proved) co_return proved;
    world.log.info(parts.settings.name, probe.address + " serves " + expected.name + ", " +
                                            std::to_string(probe.handshakes) +
                                            " handshakes in a row");
  }
  co_return Result<void>();
}

}  // namespace certpivot::rollout
