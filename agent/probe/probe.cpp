#include "probe/probe.hpp"

#include <algorithm>
#include <utility>

#include "loop/asio.hpp"
#include "probe/tally.hpp"

namespace certpivot::probe {
namespace {

constexpr Duration first_pause = std::chrono::milliseconds(20);
constexpr Duration longest_pause = std::chrono::milliseconds(200);
// One connection that gets no answer must not use up the time of all.
constexpr Duration longest_handshake = std::chrono::seconds(5);

}  // namespace

Task<Result<void>> TlsProbe::prove(settings::Probe const& settings, Expected const& expected,
                                   crypto::ClientPair const* pair) {
  auto const address = crypto::parse_address(settings.address);
  if (!address) {
    co_return fail("cannot probe", settings.address, "this is neither host:port nor unix:/path",
                   "correct address");
  }
  crypto::HandshakeRequest request{.address = *address,
                                   .server_name = settings.server_name,
                                   .starttls = settings.starttls,
                                   .pair = settings.present ? pair : nullptr};
  SteadyTime const deadline = timer_.now() + settings.timeout;
  auto const remaining = [&] { return std::chrono::ceil<Duration>(deadline - timer_.now()); };
  Tally tally(expected);
  Duration pause = first_pause;
  while (remaining() > Duration::zero()) {
    request.timeout = std::min(longest_handshake, remaining());
    auto served = co_await crypto::handshake(request);
    if (served && tally.count(served->leaf)) {
      if (tally.in_a_row() >= settings.handshakes) co_return Result<void>{};
      continue;
    }
    if (!served) tally.count(std::move(served.error()));
    co_await timer_.sleep_for(std::min(pause, std::max(remaining(), Duration::zero())));
    pause = std::min(pause * 2, longest_pause);
  }
  co_return fail(tally.failure(settings));
}

}  // namespace certpivot::probe
