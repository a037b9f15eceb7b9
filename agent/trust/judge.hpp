#pragma once

#include <memory>
#include <optional>

#include "base/certificate_facts.hpp"
#include "base/clock.hpp"
#include "crypto/anchors.hpp"
#include "settings/settings.hpp"
#include "source/snapshot.hpp"
#include "trust/verdict.hpp"

/// Snapshot + rules + now → Verdict. No files, no network, no clock: everything is handed in.
namespace certpivot::trust {

/// What is in force, as far as a verdict on its successor needs it.
struct Current {
  std::optional<CertificateFacts> leaf = {};  ///< nothing where nothing is in force
  bool revoked = false;
  /// tls.crt and ca.crt as published, where the snapshot's CA bundle is another one; else empty.
  std::string certificate_pem = {};
  std::string ca_pem = {};
};

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
};

/// Runs every rule of trust/rule/ that can be run and collects what they say. Never throws on bad
/// input, never stops at the first refusal.
[[nodiscard]] Verdict judge(Question const& question);

}  // namespace certpivot::trust
