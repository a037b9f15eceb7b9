#pragma once

#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

/// The files of the state directory. Private to journal/.
namespace certpivot::journal {

/// Makes the directory (0700; parents 0755) where it is missing.
[[nodiscard]] Result<void> make_state_directory(std::string const& state);

/// flock(2) on <state>/lock, with our process id in it, held as long as the descriptor. Errors:
/// another process has it, named by its id.
[[nodiscard]] Result<UniqueFd> lock_state(std::string const& state);

/// Makes the file with mode 0600 where it is missing, and narrows the mode of one that is there.
/// True where it was there and too short for any database.
[[nodiscard]] Result<bool> make_database_file(std::string const& path);

/// Renames the database and SQLite's files beside it to <path>.damaged-<time>…; the new name.
[[nodiscard]] Result<std::string> set_aside(std::string const& path);

}  // namespace certpivot::journal
