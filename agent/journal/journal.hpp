#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/certificate_facts.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

/// What must survive the process: each step of a rollout before it is taken, which generation is in
/// force, and whether its hooks are still owed.
namespace certpivot::journal {

using RolloutId = std::int64_t;

/// A rollout as it stands in the journal. `step` and `outcome` are the names of rollout/step.hpp;
/// the journal does not know what they mean.
struct Rollout {
  RolloutId id = 0;
  std::string certificate = {};
  std::uint64_t generation = 0;  ///< that is rolled out
  std::uint64_t previous = 0;    ///< in force before it; 0 for none
  std::string digest = {};       ///< of what is published
  std::string step = {};         ///< the step that was about to be taken last
  std::string outcome = {};      ///< empty while it is under way
  std::string reason = {};       ///< why it was rolled back or failed
  std::optional<CertificateFacts> leaf = {};
  WallTime started = {};
  WallTime ended = {};
  bool operator==(Rollout const&) const = default;
};

/// What is known of one certificate apart from its rollouts.
struct InForce {
  std::uint64_t generation = 0;  ///< 0 for none
  std::string digest = {};       ///< of what is published, or of the source's files without that
  std::optional<CertificateFacts> leaf = {};
  bool hooks_owed = false;  ///< the hooks have not yet all run for it
  bool operator==(InForce const&) const = default;
};

/// What a record outlives once the call has returned: the process alone, which is cheap, or a power
/// cut too, which costs a flush. Records reach the disk in their order, the cheap ones with the
/// next flushed one.
enum class Outlives { process, power_cut };

/// All calls block and are safe from any thread.
class Journal {
 public:
  virtual ~Journal() = default;

  /// A new rollout under way; its `id` is the answer. Outlives the process.
  [[nodiscard]] virtual Result<RolloutId> begin(Rollout const& rollout) = 0;
  /// The rollout is about to take `step`; `reason` is why it goes back, empty on the way forward.
  [[nodiscard]] virtual Result<void> about_to(RolloutId id, std::string const& step,
                                              std::string const& reason, Outlives outlives) = 0;
  /// The rollout ended, and this is in force now; one transaction. Outlives a power cut.
  [[nodiscard]] virtual Result<void> end(RolloutId id, std::string const& outcome,
                                         std::string const& reason, WallTime when,
                                         InForce const& in_force) = 0;
  /// Rollouts of one certificate that have no outcome: a crash's. Oldest first.
  [[nodiscard]] virtual Result<std::vector<Rollout>> unfinished(
      std::string const& certificate) const = 0;

  /// False where it ends with the process: then what it does not know tells nothing.
  [[nodiscard]] virtual bool lasting() const = 0;

  /// False where somebody has removed or replaced its file: what is written is lost with the
  /// process then.
  [[nodiscard]] virtual bool in_place() const = 0;

  [[nodiscard]] virtual Result<InForce> in_force(std::string const& certificate) const = 0;

  /// The CA bundle that is published now, empty for none: for a publish directory that is emptied
  /// later, as a tmpfs is at each boot, because peers may still need an anchor that was in it.
  /// Outlives the process.
  [[nodiscard]] virtual Result<void> remember_bundle(std::string const& certificate,
                                                     std::string const& ca_pem) = 0;
  /// As it was remembered last; empty where it never was.
  [[nodiscard]] virtual Result<std::string> last_bundle(std::string const& certificate) const = 0;

  /// The highest generation number that any rollout of the certificate had: numbers are never
  /// reused.
  [[nodiscard]] virtual Result<std::uint64_t> last_generation(
      std::string const& certificate) const = 0;

  /// Past rollouts, newest first, at most `most`.
  [[nodiscard]] virtual Result<std::vector<Rollout>> history(std::string const& certificate,
                                                             std::size_t most) const = 0;
};

}  // namespace certpivot::journal
