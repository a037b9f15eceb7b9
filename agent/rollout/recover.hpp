#pragma once

#include "journal/journal.hpp"
#include "loop/task.hpp"
#include "rollout/candidate.hpp"
#include "rollout/parts.hpp"
#include "rollout/rollout.hpp"

namespace certpivot::rollout {

/// What was found in force when the certificate was taken up.
struct Standing {
  journal::InForce in_force = {};
  BundleInForce bundle = {};
  /// The CA bundle of what was in force before the publish directory was emptied; empty otherwise.
  std::string lost_ca = {};
};

/// The facts of a published leaf; nothing where somebody damaged the file since.
[[nodiscard]] std::optional<CertificateFacts> facts_of(std::string const& certificate_pem);

/// Reads what is in force: the publish directory is the truth, the journal adds what no directory
/// holds. `current` that the journal does not know (a lost journal, `once` without one) counts by
/// its content. Errors: the publish directory is not ours or cannot be used.
[[nodiscard]] Task<Result<Standing>> take_stock(World world, Parts& parts);

/// After a crash: finishes or undoes what the journal says was under way, and runs every owed hook.
/// What is in force afterwards is the answer.
[[nodiscard]] Task<Standing> recover(World world, Parts& parts, Standing standing);

/// Runs hooks and probe for what is in force, whose hooks are owed.
[[nodiscard]] Task<Report> settle_debt(World world, Parts& parts, journal::InForce in_force,
                                       bool with_ca);

}  // namespace certpivot::rollout
