#pragma once

namespace certpivot::command {

/// What a command tells its caller: the contract's codes, which follow sysexits(3) where those fit.
enum ExitCode : int {
  done = 0,
  check_warning = 1,
  check_critical = 2,
  check_unknown = 3,
  refused = 2,          ///< of `once`
  usage = 64,           ///< EX_USAGE
  failure = 70,         ///< EX_SOFTWARE: a failure inside
  nothing_usable = 75,  ///< EX_TEMPFAIL, of `once`
  configuration = 78,   ///< EX_CONFIG
};

}  // namespace certpivot::command
