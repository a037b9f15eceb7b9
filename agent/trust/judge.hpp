#pragma once

#include <memory>

#include "base/clock.hpp"
#include "crypto/anchors.hpp"
#include "settings/settings.hpp"
#include "source/snapshot.hpp"
#include "trust/current.hpp"
#include "trust/revocation.hpp"
#include "trust/verdict.hpp"

/// Snapshot + rules + now → Verdict. No files, no network, no clock: everything is handed in.
namespace certpivot::trust {

struct Question {
  source::Snapshot const& snapshot;
  settings::Trust const& rules;
  /// What a chain must end in. Null where the anchors themselves could not be read; then
  /// `anchors_failure` says why, and the verdict refuses.
  std::shared_ptr<crypto::Anchors const> anchors = {};
  std::string anchors_failure = {};
  /// Nothing older than its leaf may replace it while it is valid.
  Current current = {};
  WallTime now = {};
  Revocation revocation = {};
  std::string anchors_name = {};  ///< where the anchors are from, for sentences: a path
};

/// Runs every rule of trust/rule/ that can be run and collects what they say. Never throws on bad
/// input, never stops at the first refusal.
[[nodiscard]] Verdict judge(Question const& question);

}  // namespace certpivot::trust
