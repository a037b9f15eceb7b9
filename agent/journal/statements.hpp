#pragma once

#include "journal/sqlite.hpp"

namespace certpivot::journal {

/// Every statement of the journal, compiled once: about_to() is on the way from a change to the
/// signal. Private to journal/.
struct Statements {
  Statement begin, commit, roll_back;
  Statement insert_rollout, set_step, set_outcome, certificate_of, prune;
  Statement put_in_force, get_in_force, get_last_generation;
  Statement put_bundle, get_bundle;
  Statement unfinished, history;
};
[[nodiscard]] Result<Statements> prepare_statements(Database& database);

}  // namespace certpivot::journal
