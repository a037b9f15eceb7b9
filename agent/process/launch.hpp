#pragma once

#include <sys/types.h>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "process/child.hpp"

namespace certpivot::process {

/// A program that runs: the leader of a process group of the same number, and a child of ours that
/// nobody has waited for yet.
struct Launched {
  ::pid_t pid = -1;
  UniqueFd exit = {};    ///< a pidfd: readable once the program has ended
  UniqueFd output = {};  ///< reading end of its standard output, and error where that is not apart
  UniqueFd errors = {};  ///< of its standard error where it is
};

/// Starts `command` by Boost.Process v2 1.81, whose bugs ask for these guards:
/// - it leaves descriptors open in the child, so the last thing before the exec closes all from 3
///   on but its own pipe;
/// - a child whose exec failed calls exit(), which runs our destructors and flushes our buffers a
/// second
///   time, so such a child ends by _exit();
/// - nobody waits for such a child, so this function does;
/// - its process object ends a child by a number that may be another's by then, so the object is
/// given
///   up at once and group.hpp takes over.
/// Standard input is a file in memory that holds `command.input`: there is nothing to write while
/// the program runs, no broken pipe, and no wait for a program that never reads. Expects
/// descriptors 0, 1 and 2 to be open, whatever they are. Blocks until the exec is done. Errors: as
/// run().
[[nodiscard]] Result<Launched> launch(Command const& command);

}  // namespace certpivot::process
