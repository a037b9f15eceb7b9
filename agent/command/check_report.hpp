#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/certificate_facts.hpp"
#include "settings/complaint.hpp"
#include "trust/verdict.hpp"

namespace certpivot::command {

/// As monitoring plugins have it.
enum class CheckState { good, warning, critical, unknown };

/// What `check` found for one certificate.
struct CheckReport {
  std::string name = {};
  CheckState state = CheckState::unknown;
  bool absent = false;           ///< there is nothing to read
  bool in_force = false;         ///< what the source holds is published already
  std::uint64_t generation = 0;  ///< published now; 0 for none
  std::vector<trust::Refusal> refusals = {};
  std::vector<std::string> warnings = {};
  std::vector<std::string> remarks = {};  ///< about mounts, limits and rights
  std::optional<CertificateFacts> leaf = {};
  std::vector<std::string> hooks = {};
  std::vector<std::string> probes = {};
  bool publishes = false;
  /// What would keep the daemon from rolling out a pair that every rule accepts.
  std::vector<std::string> faults = {};
  /// Why the server did not keep this very content the last time, where that is so.
  std::string rolled_back = {};

  /// What the daemon would do, in words.
  [[nodiscard]] std::string plan() const;
};

/// The reports for people, and as one JSON object for programs.
[[nodiscard]] std::string to_text(std::vector<CheckReport> const& reports, WallTime now);
[[nodiscard]] std::string to_json(std::vector<CheckReport> const& reports, WallTime now);

/// What is wrong with the configuration, for programs.
[[nodiscard]] std::string to_json(std::vector<settings::Complaint> const& complaints);

/// The worst of them: critical, then unknown, then warning.
[[nodiscard]] int exit_code_of(std::vector<CheckReport> const& reports);

}  // namespace certpivot::command
