#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "loop/task.hpp"

/// haproxy's master process (-W or -Ws with -S), which starts a new worker for a new configuration.
namespace certpivot::plugins {

/// The master answers on its socket. Changes nothing.
[[nodiscard]] Task<Result<void>> check_master(std::string socket, Duration limit);

/// `reload`, and waiting until another worker is in charge. haproxy 2.6 answers nothing, so
/// `show proc` before and after is what tells: a new worker is the yes, one more in `[failed: N]`
/// the no, after which the old worker goes on serving. While it loads, the master answers nobody,
/// so a worker that was not there before has read its files after the first question.
[[nodiscard]] Task<Result<void>> reload_by_master(std::string socket, SteadyTime deadline);

}  // namespace certpivot::plugins
