#pragma once

#include <optional>
#include <string>
#include <vector>

#include "command/check_report.hpp"
#include "publish/directory.hpp"
#include "rollout/examine.hpp"
#include "settings/settings.hpp"
#include "source/evidence.hpp"

namespace certpivot::command {

/// What is published of a certificate now, and what is to be said of it whatever the source holds.
struct InForce {
  rollout::Known known = {};
  /// As rollout::revoked_in_force() has it.
  Result<std::optional<std::string>> revoked = std::optional<std::string>();
  std::vector<trust::KeptSubject> kept = {};  ///< in its CA bundle
};

/// Reads it without making or changing anything. A directory that is not there yet, or whose
/// content we cannot read, leaves the answer empty; publish::remarks() has the words for that.
/// Blocks, like rollout::revoked_in_force().
[[nodiscard]] InForce read_in_force(settings::Certificate const& settings, publish::Target& target,
                                    source::Evidence& evidence, WallTime now);

/// Adds it to a report that is rated already: what is revoked is critical.
void tell_in_force(CheckReport& report, InForce in_force, WallTime now);

}  // namespace certpivot::command
