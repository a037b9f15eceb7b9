#pragma once

#include <optional>
#include <string>

#include "base/certificate_facts.hpp"
#include "base/result.hpp"
#include "probe/expected.hpp"
#include "settings/settings.hpp"

namespace certpivot::probe {

/// What a series of handshakes has shown so far, and the sentence about it.
class Tally {
 public:
  explicit Tally(Expected const& expected) : expected_(expected) {}

  /// Counts one handshake; true where it showed the expected leaf.
  bool count(CertificateFacts const& served);
  /// Counts one that showed nothing.
  void count(Error failure);

  /// How many in a row have shown the expected leaf, up to now.
  [[nodiscard]] unsigned in_a_row() const { return in_a_row_; }

  /// Why this is no proof: how often, and what the last handshake that did not fit was.
  [[nodiscard]] Error failure(settings::Probe const& settings) const;

 private:
  [[nodiscard]] std::string last_miss() const;

  Expected const& expected_;
  unsigned tries_ = 0;
  unsigned hits_ = 0;
  unsigned in_a_row_ = 0;
  unsigned most_in_a_row_ = 0;
  std::optional<CertificateFacts> other_ = {};
  std::optional<Error> broken_ = {};
};

}  // namespace certpivot::probe
