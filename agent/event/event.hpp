#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/certificate_facts.hpp"
#include "base/clock.hpp"

namespace certpivot::event {

/// The contract's kinds.
enum class Kind {
  accepted,
  refused,
  committed,
  rolled_back,
  failed,
  held,
  released,
  expiring,
  expired,
  overdue,
  not_served,
  recovered,
  source_lost,
  source_found,
  configuration_loaded,
  configuration_refused,
  revoked,
};
[[nodiscard]] std::string_view name(Kind kind);

struct Reason {
  std::string code = {};
  std::string text = {};
  bool operator==(Reason const&) const = default;
};

struct Paths {
  std::string certificate = {};
  std::string key = {};
  std::string ca = {};  ///< empty for none
  bool operator==(Paths const&) const = default;
};

/// Something that happened to a certificate, or to the configuration (then `certificate` is empty).
/// A plain value: it could cross a pipe. Never key bytes.
struct Event {
  WallTime time = {};
  Kind kind = Kind::accepted;
  std::string certificate = {};
  std::uint64_t generation = 0;  ///< 0 for none
  std::optional<CertificateFacts> leaf = {};
  Paths paths = {};
  std::vector<Reason> reasons = {};
  std::string hook = {};
  std::optional<Duration> duration = {};
  bool operator==(Event const&) const = default;
};

/// The contract's JSON object, on one line, members that have no value left out.
[[nodiscard]] std::string to_json(Event const& event);

}  // namespace certpivot::event
