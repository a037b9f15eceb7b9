#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "crypto/tls_client.hpp"
#include "loop/task.hpp"
#include "loop/timer.hpp"
#include "probe/expected.hpp"
#include "settings/settings.hpp"

namespace certpivot::probe {

/// Asks the server until `settings.handshakes` handshakes in a row, each on a new connection, have
/// shown `expected.leaf`, or until `settings.timeout` is over. Old and new workers of one server
/// overlap for a while, so one good handshake is no proof, and a bad one only starts the count
/// anew. The error says what was served instead, and how often, and whether it was one of the
/// others.
class Probe {
 public:
  virtual ~Probe() = default;
  [[nodiscard]] virtual Task<Result<void>> prove(settings::Probe const& settings,
                                                 Expected const& expected,
                                                 crypto::ClientPair const* pair) = 0;
};

/// The real one, by TLS handshakes.
class TlsProbe final : public Probe {
 public:
  explicit TlsProbe(Timer& timer) : timer_(timer) {}
  [[nodiscard]] Task<Result<void>> prove(settings::Probe const& settings, Expected const& expected,
                                         crypto::ClientPair const* pair) override;

 private:
  Timer& timer_;
};

}  // namespace certpivot::probe
