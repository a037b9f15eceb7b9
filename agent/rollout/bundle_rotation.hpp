#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "publish/directory.hpp"
#include "rollout/candidate.hpp"
#include "rollout/examine.hpp"
#include "settings/settings.hpp"
#include "source/snapshot.hpp"

/// From one CA bundle to the next without a peer that is left behind: the anchors of before stay in
/// the published bundle for publish.ca_grace, new ones are published before a pair that needs them,
/// and those whose time is over leave by a rollout of their own.
namespace certpivot::rollout {

/// What is published now, where the snapshot has another CA bundle than it; nothing where the
/// bundle stays. Errors: it cannot be read back. Blocks.
[[nodiscard]] Result<std::optional<publish::StoredContent>> content_under_change(
    settings::Certificate const& settings, source::Snapshot const& snapshot, Known const& known);

struct BundleRotation {
  std::string ca_pem = {};  ///< to publish with the snapshot's pair
  std::vector<std::string> warnings = {};
  /// The pair in force under the anchors of both; null where the snapshot brings no new anchor.
  std::unique_ptr<BundleAlone> trust_first = {};
};
[[nodiscard]] BundleRotation rotate_bundle(publish::StoredContent in_force,
                                           settings::Certificate const& settings,
                                           Candidate const& candidate, WallTime now);

struct GraceEnd {
  std::unique_ptr<BundleAlone> payload = {};
  std::vector<std::string> dropped = {};  ///< subjects
};
/// What is in force without the anchors whose time is over, the others for no longer than `grace`
/// from now on. Errors: it cannot be read back; the pair in force would no longer verify. Blocks.
[[nodiscard]] Result<GraceEnd> end_of_grace(publish::Target& target, publish::Number in_force,
                                            Duration grace, WallTime now);

/// Where a snapshot's pair is refused: the pair in force with the snapshot's CA bundle and CRL, as
/// far as these are good. Null where nothing would change. Blocks.
[[nodiscard]] std::unique_ptr<BundleAlone> without_pair(settings::Certificate const& settings,
                                                        Candidate const& candidate,
                                                        Known const& known, WallTime now);

}  // namespace certpivot::rollout
