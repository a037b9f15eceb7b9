#pragma once

#include <functional>
#include <memory>
#include <string>

#include "loop/alarm.hpp"
#include "loop/task.hpp"
#include "rollout/crl_ends.hpp"
#include "rollout/examine.hpp"
#include "rollout/intake.hpp"
#include "rollout/parts.hpp"
#include "rollout/retry.hpp"
#include "rollout/revocation_watch.hpp"
#include "rollout/rollout.hpp"
#include "rollout/served_watch.hpp"
#include "rollout/voice.hpp"
#include "source/watch.hpp"

namespace certpivot::rollout {

/// What a single pass came to.
enum class Pass {
  current,  ///< what the source holds is in force, its hooks done
  refused,
  failed,   ///< a rollout was abandoned, rolled back, or left its hooks owed
  nothing,  ///< the source holds nothing yet
};

/// One certificate, kept current: looks at its source whenever that may have changed, one rollout
/// at a time. All of it on the loop's thread; what blocks is done by workers.
class Lane {
 public:
  Lane(boost::asio::any_io_executor const& loop, World const& world, source::Watcher& watcher,
       source::Evidence& evidence, Parts parts);
  Lane(Lane const&) = delete;
  Lane& operator=(Lane const&) = delete;
  Lane(Lane&&) = delete;
  Lane& operator=(Lane&&) = delete;
  ~Lane();

  /// Takes stock, finishes what a crash interrupted, then follows the source until stop().
  /// `looked` is called once, when the source was read for the first time and what it held was
  /// dealt with, whatever came of it.
  [[nodiscard]] Task<void> run(std::function<void()> looked);

  /// The same until the source's present content is in force or refused, or the time is over.
  [[nodiscard]] Task<Pass> once(SteadyTime deadline);

  /// What the source lacked at the last look, where that was Pass::nothing.
  [[nodiscard]] std::string const& lacking() const { return lacking_; }

  /// Ends run() after the rollout in hand.
  void stop();
  /// What has failed and waits for its time is tried now.
  void try_again();
  /// Hooks that wait for their time go now: the process is to end.
  void hurry();
  [[nodiscard]] bool stopping() const { return stopping_; }
  /// A rollout is under way: the process must not end yet.
  [[nodiscard]] bool rolling_out() const { return rolling_out_; }
  /// Something is in force.
  [[nodiscard]] bool in_force() const { return in_force_.generation != 0; }
  [[nodiscard]] settings::Certificate const& settings() const { return parts_.settings; }

 private:
  [[nodiscard]] Task<void> follow_source(std::function<void()> looked);
  [[nodiscard]] Task<bool> take_up();
  [[nodiscard]] Task<void> look();
  /// What one visit to a worker brings.
  struct Sight {
    bool still_current = true;  ///< what is in force is what `current` names
    source::Coverage coverage = {};
    RevocationWatch::Answer revoked = std::optional<std::string>();  ///< what is in force
    Examination found = {};
    Result<publish::Number> number = 0;  ///< for the candidate, where there is one
  };
  [[nodiscard]] Task<Sight> see();
  [[nodiscard]] bool still_current() const;
  [[nodiscard]] RevocationWatch::Answer ask_for_revocation();
  [[nodiscard]] Task<bool> take_stock_again();
  [[nodiscard]] Task<void> roll_out(Sight sight);
  [[nodiscard]] Task<void> roll_out_trust(Sight sight);
  [[nodiscard]] Task<Ending> carry_out(std::unique_ptr<Payload const> payload,
                                       publish::Number number,
                                       std::optional<CertificateFacts> leaf);
  [[nodiscard]] Task<void> end_grace();
  [[nodiscard]] Result<publish::Number> next_number();
  [[nodiscard]] Task<void> settle();

  void try_again_later(std::string const& version);
  void note_coverage(source::Coverage const& coverage);
  void note_judgement(Examination const& found);
  void note_revocation(RevocationWatch::Answer const& answer);
  void note_crl_ends();
  void note(Examination const& found, Intake::Decision const& decision);
  void begin_rollout();
  void end_rollout(journal::InForce in_force, bool proved);
  void owe(bool owed);
  [[nodiscard]] SteadyTime coming(WallTime moment) const;
  [[nodiscard]] SteadyTime next_look() const;
  [[nodiscard]] bool grace_is_over() const;
  [[nodiscard]] Known known() const;
  void changed();

  World world_;
  source::Watcher& watcher_;
  source::Evidence& evidence_;
  Parts parts_;
  Voice voice_;
  ServedWatch served_;
  Intake intake_;
  Alarm alarm_;
  source::Watcher::Subscriber subscriber_;

  journal::InForce in_force_ = {};
  BundleInForce bundle_ = {};
  std::string lost_ca_ = {};        ///< as Standing has it
  std::string seen_in_force_ = {};  ///< digest of the snapshot last seen to be in force
  std::string seen_evidence_ = {};  ///< version of the CRLs that it was seen with
  RevocationWatch revocation_ = {};
  CrlEnds crl_ends_ = {};
  source::Coverage coverage_ = {};
  std::optional<publish::Number> last_generation_ = {};  ///< as the journal has it, if known
  std::string trouble_ = {};                             ///< of the publish directory, as last said

  Pass pass_ = Pass::nothing;  ///< what the last look came to
  std::string lacking_ = {};
  bool judged_in_force_ = false;  ///< since stock was taken, if the source holds it
  bool waiting_said_ = false;
  bool taken_up_ = false;
  bool changed_ = false;
  bool follows_ = false;  ///< the source, until stop()
  bool stopping_ = false;
  bool rolling_out_ = false;
  std::optional<SteadyTime> look_again_ = {};
  Retry debt_;  ///< of hooks
  Retry grace_end_ = Retry::of_rollouts();
};

}  // namespace certpivot::rollout
