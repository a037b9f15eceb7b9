#pragma once

#include <memory>
#include <string>

#include "journal/journal.hpp"
#include "loop/task.hpp"
#include "rollout/candidate.hpp"
#include "rollout/hook_round.hpp"
#include "rollout/parts.hpp"
#include "rollout/step.hpp"

namespace certpivot::rollout {

/// How a rollout ended, and what is in force since.
struct Report {
  Ending ending = Ending::committed;
  std::string reason = {};  ///< of the failure; empty where committed
  journal::InForce in_force = {};
};

/// Whether a rollout that fails brings back what was in force before: nothing, or what no peer
/// accepts any more, is not worth it. Before the pivot the hooks are asked only then.
[[nodiscard]] bool worth_going_back(publish::Number before,
                                    std::optional<CertificateFacts> const& leaf, WallTime now);

/// The whole way of one generation, a step at a time by the table in step.hpp, each step written
/// down before it is taken. One object, one rollout.
class Rollout {
 public:
  /// `in_force` is what is in force as it begins. `record` says what is rolled out; its id is 0
  /// unless it stands in the journal already, left there by a crash.
  Rollout(World const& world, Parts& parts, journal::InForce in_force, journal::Rollout record);

  /// For a new generation: the bytes that stage() writes.
  void carry(std::unique_ptr<Payload const> payload);
  /// For one whose files are published already: whether a CA bundle is among them.
  void published(bool with_ca) { with_ca_ = with_ca; }
  /// For one that a crash interrupted on its way back: the copy of the previous generation.
  void restored_as(publish::Number number) { restored_ = number; }

  [[nodiscard]] Task<Report> run(Step first);

 private:
  [[nodiscard]] Task<Result<void>> take(Step step);
  [[nodiscard]] Task<Result<void>> stage();
  [[nodiscard]] Task<Result<void>> check();
  [[nodiscard]] Task<Result<void>> pivot();
  [[nodiscard]] Task<Result<void>> hook();
  [[nodiscard]] Task<Result<void>> probe();
  [[nodiscard]] Task<Result<void>> restore();
  [[nodiscard]] Task<Result<void>> rehook();
  [[nodiscard]] Task<Result<void>> reprobe();

  [[nodiscard]] Task<Result<void>> prove(publish::Number number,
                                         std::optional<CertificateFacts> const& leaf);
  [[nodiscard]] Result<std::optional<crypto::ClientPair>> pair_of(publish::Number number) const;
  [[nodiscard]] std::vector<probe::Other> others_than(publish::Number number) const;
  [[nodiscard]] Result<void> write_down(Step step);
  template <class Work>
  [[nodiscard]] Task<Result<void>> block(Step step, Work work);
  [[nodiscard]] Task<Report> finish(Ending ending);
  void remember_bundle(Ending ending) const;
  [[nodiscard]] Result<void> note_debt(bool owed) const;
  [[nodiscard]] Task<void> clean_up(Ending ending);

  [[nodiscard]] bool worth_going_back() const;
  [[nodiscard]] journal::InForce in_force_after(Ending ending) const;
  [[nodiscard]] event::Event event(event::Kind kind, publish::Number number,
                                   std::optional<CertificateFacts> leaf) const;
  void tell_ending(Report const& report) const;

  World world_;
  Parts& parts_;
  journal::InForce before_;
  journal::Rollout record_;
  std::optional<Step> written_ = {};  ///< the step that was last written down
  std::unique_ptr<Payload const> payload_;
  publish::Number restored_ = 0;
  bool with_ca_ = false;
  bool hooks_ran_back_ = false;
  std::string not_proved_back_ = {};  ///< why, where the way back could not be proved
  std::string reason_;
  SteadyTime began_;
  HookRound hooks_;
};

}  // namespace certpivot::rollout
