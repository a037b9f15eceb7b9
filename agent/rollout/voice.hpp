#pragma once

#include <string>

#include "journal/journal.hpp"
#include "rollout/examine.hpp"
#include "rollout/parts.hpp"

namespace certpivot::rollout {

/// What is said about one certificate: events, and lines of the log.
class Voice {
 public:
  Voice(World const& world, std::string certificate)
      : world_(world), certificate_(std::move(certificate)) {}

  void notice(std::string const& sentence) const;
  void warning(std::string const& sentence) const;
  void error(std::string const& sentence) const;
  /// An event about what is in force, or about the source while that is.
  void say(event::Kind kind, journal::InForce const& in_force, std::string const& sentence) const;
  /// `same_pair`: the pair stays the one in force, with another CA bundle or CRL.
  void accepted(journal::Rollout const& record, bool same_pair) const;
  void refused(Examination const& found, journal::InForce const& in_force) const;
  /// `sentence` says what was revoked, when and by whom.
  void revoked(journal::InForce const& in_force, std::string const& sentence) const;
  /// `sentence` says what is served instead, or why nothing is.
  void not_served(journal::InForce const& in_force, std::string const& sentence) const;

 private:
  [[nodiscard]] event::Event about(event::Kind kind) const;

  World world_;
  std::string certificate_;
};

}  // namespace certpivot::rollout
