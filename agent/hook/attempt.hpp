#pragma once

#include <functional>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "event/event.hpp"
#include "hook/hook.hpp"
#include "loop/task.hpp"
#include "loop/timer.hpp"
#include "settings/settings.hpp"

namespace certpivot {
class Log;
}

namespace certpivot::hook {

/// Runs hook.reload() under its time limit, and again up to `retries` times with growing pauses
/// (200 ms, doubled each time, at most 5 s). The last attempt's error is the answer. A hook that is
/// cancelled and answers nevertheless, because it keeps the same limit itself, is waited for and
/// believed.
[[nodiscard]] Task<Result<void>> attempt_reload(Hook& hook, settings::Hook const& settings,
                                                event::Event const& event, Timer& timer, Log& log);

/// Runs hook.check() once under its time limit.
[[nodiscard]] Task<Result<void>> attempt_check(Hook& hook, settings::Hook const& settings,
                                               event::Event const& event);

}  // namespace certpivot::hook
