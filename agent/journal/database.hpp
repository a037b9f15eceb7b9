#pragma once

#include <memory>
#include <optional>
#include <string>

#include "journal/journal.hpp"

namespace certpivot::journal {

/// The journal in an SQLite database, <state>/journal.db, in WAL mode. The
/// directory is made (0700) where it is missing, and locked (flock on <state>/lock), so that a
/// second daemon on it is refused. A damaged database is set aside as journal.db.damaged-<time> and
/// begun anew; `opened.note` says so. Rows of finished rollouts are pruned to the newest 1,000 a
/// certificate.
struct Opened {
  std::unique_ptr<Journal> journal = {};
  std::string note = {};  ///< a sentence for the log; empty where there is nothing to say
};
/// Errors: another daemon has it; no right to write; no space.
[[nodiscard]] Result<Opened> open_database(std::string const& state);

/// What of a certificate's past counts for its next rollout.
struct Past {
  std::optional<Rollout> last_rollout = {};
  std::string last_bundle = {};  ///< as Journal::last_bundle() has it
  bool hooks_owed = false;       ///< of what is in force
};
/// That of `certificate` in the journal of a daemon that may be running meanwhile: for `check`,
/// which changes nothing. Empty where there is no journal, or nothing of this certificate in it.
/// Errors: it may not be read, or is of a newer version.
[[nodiscard]] Result<Past> past_of(std::string const& state, std::string const& certificate);

/// The same in memory only, for `once` without a file: nothing is remembered.
[[nodiscard]] Result<std::unique_ptr<Journal>> open_in_memory();

}  // namespace certpivot::journal
