#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "journal/journal.hpp"
#include "support/script.hpp"

namespace certpivot::testing {

/// A journal in memory, with the contract of journal::Journal. It outlives the "process": after a
/// Script::Crash and Script::reopen() it stands as the calls that were done left it. Every call is
/// in the script: "journal.begin web 7", "journal.about_to pivot", "journal.end committed",
/// "journal.<call> web".
class MemoryJournal final : public journal::Journal {
 public:
  explicit MemoryJournal(Script& script);

  Result<journal::RolloutId> begin(journal::Rollout const& rollout) override;
  Result<void> about_to(journal::RolloutId id, std::string const& step, std::string const& reason,
                        journal::Outlives outlives) override;
  Result<void> end(journal::RolloutId id, std::string const& outcome, std::string const& reason,
                   WallTime when, journal::InForce const& in_force) override;
  Result<std::vector<journal::Rollout>> unfinished(std::string const& certificate) const override;
  bool in_place() const override { return true; }
  bool lasting() const override { return lasts; }
  Result<journal::InForce> in_force(std::string const& certificate) const override;
  Result<void> remember_bundle(std::string const& certificate, std::string const& ca_pem) override;
  Result<std::string> last_bundle(std::string const& certificate) const override;
  Result<std::uint64_t> last_generation(std::string const& certificate) const override;
  Result<std::vector<journal::Rollout>> history(std::string const& certificate,
                                                std::size_t most) const override;

  /// All rollouts, oldest first, for the test to look at.
  [[nodiscard]] std::vector<journal::Rollout> rollouts() const;

  /// As one that ends with its process.
  void lose();
  bool lasts = true;

 private:
  template <class Answer, class Step>
  [[nodiscard]] Result<Answer> call(std::string const& name, Step step) const;
  [[nodiscard]] journal::Rollout* under_way(journal::RolloutId id);
  void put_in_force(std::string const& certificate, journal::InForce const& in_force);

  Script& script_;
  mutable std::mutex mutex_ = {};
  std::vector<journal::Rollout> rollouts_ = {};
  std::map<std::string, journal::InForce> in_force_ = {};
  std::map<std::string, std::string> bundles_ = {};
  std::map<std::string, std::uint64_t> last_generation_ = {};
};

}  // namespace certpivot::testing
