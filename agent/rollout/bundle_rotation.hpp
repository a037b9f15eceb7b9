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

/// What is published now, read back because the snapshot has another CA bundle or CRL than it.
struct UnderChange {
  publish::StoredContent content = {};
  bool bundle = false;  ///< the bundle changes, not the CRL alone
};
/// Nothing where both stay. Errors: it cannot be read back. Blocks.
[[nodiscard]] Result<std::optional<UnderChange>> content_under_change(
    settings::Certificate const& settings, source::Snapshot const& snapshot, Known const& known);

struct BundleRotation {
  std::string ca_pem = {};  ///< to publish with the snapshot's pair
  /// The anchors of both, where the snapshot brings a new one: for the pair in force.
  std::string both_pem = {};
  std::vector<std::string> warnings = {};
};
[[nodiscard]] BundleRotation rotate_bundle(publish::StoredContent const& in_force,
                                           settings::Certificate const& settings,
                                           Candidate const& candidate, WallTime now);

/// What is said of CRLs that the snapshot lacks, and where source.crl is no longer configured.
[[nodiscard]] std::vector<std::string> crl_warnings(publish::StoredContent const& in_force,
                                                    settings::Certificate const& settings,
                                                    Candidate const& candidate);

struct GraceEnd {
  std::unique_ptr<BundleAlone> payload = {};
  std::vector<std::string> dropped = {};  ///< subjects
};
/// What is in force without the anchors whose time is over, the others for no longer than `grace`
/// from now on. Errors: it cannot be read back; the pair in force would no longer verify. Blocks.
[[nodiscard]] Result<GraceEnd> end_of_grace(publish::Target& target, publish::Number in_force,
                                            Duration grace, WallTime now);

/// Where a snapshot's pair is refused: the pair in force with the snapshot's CA bundle and CRL, as
/// far as these are good. Null where nothing would change.
[[nodiscard]] std::unique_ptr<BundleAlone> without_pair(UnderChange in_force,
                                                        Candidate const& candidate,
                                                        Known const& known, WallTime now);

}  // namespace certpivot::rollout
