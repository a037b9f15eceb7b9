#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "publish/directory.hpp"
#include "rollout/candidate.hpp"
#include "rollout/intake.hpp"
#include "settings/settings.hpp"
#include "source/evidence.hpp"
#include "trust/judge.hpp"
#include "trust/verdict.hpp"

namespace certpivot::rollout {

/// One look at a source, judged: what the daemon decides on and what `check` explains.
struct Examination {
  Look look = {};
  std::vector<trust::Refusal> refusals = {};  ///< of the verdict, or why the files could not be had
  std::vector<std::string> warnings = {};
  std::optional<CertificateFacts> leaf = {};
  std::string digest = {};            ///< of what would be published; empty where nothing could
  std::string snapshot_digest = {};   ///< of what was read; empty where nothing could be read
  std::string evidence_version = {};  ///< of the CRLs, see source::Evidence::version
  std::optional<WallTime> due = {};   ///< when it becomes valid, where that is to be waited for
  std::unique_ptr<Candidate> candidate = {};  ///< where accepted and not in force already
  /// Where both the pair and the CA bundle change: the pair in force under the anchors of both, to
  /// be rolled out first, so that no peer meets a pair that it cannot verify yet.
  std::unique_ptr<BundleAlone> trust_first = {};
  /// Where the pair is refused, or becomes valid later, and CA bundle or CRL are good and new:
  /// these with the pair in force.
  std::unique_ptr<BundleAlone> trust_alone = {};
};

/// What is in force, as far as a look needs to know.
struct Known {
  std::string digest = {};  ///< of the content in force; empty for none
  std::string snapshot_digest =
      {};  ///< of the snapshot it was last seen as; spares judging it anew
  std::optional<CertificateFacts> leaf = {};
  std::string evidence_version = {};  ///< with which it was last seen; another one is judged anew
  BundleInForce bundle = {};
  /// The CA bundle of what was in force before the publish directory was emptied; empty otherwise.
  std::string lost_ca = {};
  /// Where what is in force can be read back; null where nothing is published.
  publish::Target* target = nullptr;
  publish::Number generation = 0;
  bool revoked = false;  ///< then an older one may replace it
  bool anew = false;     ///< what is in force already is judged like anything else
};

/// The verdict on a snapshot, with the evidence that its rules ask for. Blocks: for a worker.
[[nodiscard]] trust::Verdict judge(settings::Certificate const& settings,
                                   source::Snapshot const& snapshot, trust::Current current,
                                   source::Evidence& evidence, WallTime now);

/// Reads the source and judges it. Blocks: for a worker.
[[nodiscard]] Examination examine(settings::Certificate const& settings, Known const& known,
                                  source::Evidence& evidence, WallTime now);

}  // namespace certpivot::rollout
