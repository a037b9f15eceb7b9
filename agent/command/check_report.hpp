#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/certificate_facts.hpp"
#include "settings/complaint.hpp"
#include "settings/settings.hpp"
#include "trust/bundle.hpp"
#include "trust/verdict.hpp"

namespace certpivot::command {

/// As monitoring plugins have it.
enum class CheckState { good, warning, critical, unknown };
[[nodiscard]] std::string_view word(CheckState state);
/// The one that matters more: critical, then unknown, warning, good.
[[nodiscard]] CheckState worse(CheckState left, CheckState right);

/// What a server's handshake showed.
struct ServedChain {
  std::string protocol = {};               ///< "TLSv1.3"
  std::vector<std::string> subjects = {};  ///< of the chain as it was sent, leaf first
};

/// The names that were found in a directory for which none are given.
struct FoundNames {
  std::string writer = {};  ///< whose they are, in the possessive: "certbot's"
  std::vector<std::string> names = {};
};

/// What `check` found for one certificate.
struct CheckReport {
  std::string name = {};
  CheckState state = CheckState::unknown;
  bool absent = false;           ///< there is nothing to read, or no server to ask
  bool in_force = false;         ///< what the source holds is published already
  std::uint64_t generation = 0;  ///< published now; 0 for none
  std::vector<trust::Refusal> refusals = {};
  std::vector<std::string> warnings = {};
  std::vector<std::string> remarks = {};  ///< about mounts, limits and rights
  std::optional<CertificateFacts> leaf = {};
  std::optional<WallTime> due = {};  ///< accepted, but not valid before
  /// Where less is left of the leaf than it should: "below the warning threshold of 30d".
  std::string below = {};
  /// In force for now, because what the source holds is held back.
  std::optional<CertificateFacts> stays = {};
  std::optional<FoundNames> found = {};
  std::optional<ServedChain> served = {};
  std::vector<std::string> hooks = {};
  std::vector<std::string> probes = {};
  bool publishes = false;
  /// What would keep the daemon from rolling out a pair that every rule accepts, or why no server
  /// was reached.
  std::vector<std::string> faults = {};
  /// Why the server did not keep this very content the last time, where that is so.
  std::string rolled_back = {};
  /// Why the hooks of what is in force are not known to have run well; empty where they are.
  std::string owed = {};
  bool configured = false;  ///< of a configuration: the daemon would do something about it

  std::string revoked = {};                   ///< why what is in force is, where it is
  std::vector<trust::KeptSubject> kept = {};  ///< in the CA bundle in force
  bool way_back = false;  ///< what is in force is brought back where a rollout fails
  /// A hook would fail where there is no way back: the daemon goes on and tries it again.
  bool owes_hooks = false;
  bool trust_first = false;  ///< the anchors of both CA bundles go ahead of the pair
  /// What of the source is published with the pair in force, where its own is refused or waits:
  /// "CA bundle", "CRL" or "CA bundle and CRL".
  std::string trust_alone = {};

  /// Sets the state by what was judged, and explains one that no broken rule explains.
  void rate(settings::Expiry const& expiry, WallTime now);
  /// Whether what the source holds will not be in force now: it waits, is refused or is not there,
  /// or its rollout fails, or has failed.
  [[nodiscard]] bool is_held_back() const;
  /// Rates what stays in force as well: the worse of the two counts.
  void rate_what_stays(CertificateFacts leaf_in_force, settings::Expiry const& expiry,
                       WallTime now);
  /// Of what is worth a look: good becomes warning.
  void warn(std::string sentence);
  /// Warns of a start in the future, which trust.skew has let pass: for what no daemon waits with.
  void warn_of_start();
  /// "missing", "unreachable" (a server), "accepted" or "refused".
  [[nodiscard]] std::string_view verdict() const;
  /// What the daemon would do, in words.
  [[nodiscard]] std::string plan() const;
};

/// When it was judged, and whether that is another time than now.
struct CheckTime {
  WallTime now = {};
  bool chosen = false;
};

/// The reports for people, the worst first, so that a monitoring system's one line is about that
/// one; and as one JSON object for programs, in the order in which they were asked for.
[[nodiscard]] std::string to_text(std::vector<CheckReport> reports, CheckTime time);
[[nodiscard]] std::string to_json(std::vector<CheckReport> const& reports, CheckTime time);

/// What is wrong with the configuration, for programs.
[[nodiscard]] std::string to_json(std::vector<settings::Complaint> const& complaints);

/// The worst of them: critical, then unknown, then warning.
[[nodiscard]] int exit_code_of(std::vector<CheckReport> const& reports);

}  // namespace certpivot::command
