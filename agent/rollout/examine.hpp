#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "rollout/candidate.hpp"
#include "rollout/intake.hpp"
#include "settings/settings.hpp"
#include "source/evidence.hpp"
#include "trust/verdict.hpp"

namespace certpivot::rollout {

/// One look at a source, judged: what the daemon decides on and what `check` explains.
struct Examination {
  Look look = {};
  std::vector<trust::Refusal> refusals = {};  ///< of the verdict, or why the files could not be had
  std::vector<std::string> warnings = {};
  std::optional<CertificateFacts> leaf = {};
  std::string digest = {};           ///< of what would be published; empty where nothing could
  std::string snapshot_digest = {};  ///< of what was read; empty where nothing could be read
  std::unique_ptr<Candidate> candidate = {};  ///< where accepted and not in force already
};

/// What is in force, as far as a look needs to know.
struct Known {
  std::string digest = {};  ///< of the content in force; empty for none
  std::string snapshot_digest =
      {};  ///< of the snapshot it was last seen as; spares judging it anew
  std::optional<CertificateFacts> leaf = {};
};

/// Reads the source and judges it. Blocks: for a worker.
[[nodiscard]] Examination examine(settings::Certificate const& settings, Known const& known,
                                  source::Evidence& evidence, WallTime now);

}  // namespace certpivot::rollout
