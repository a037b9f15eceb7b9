#pragma once

#include "plugins/systemd/unit.hpp"
#include "settings/settings.hpp"

namespace certpivot::plugins {

/// Gives systemd the job, and waits for its end. Errors: systemd refuses it, it ends as anything
/// but done, in the unit's words too, or not within the bus's time; then systemd goes on with it.
[[nodiscard]] Result<void> run_job(Bus& bus, Unit& unit, settings::Hook::Systemd::Action action);

/// How a job ended other than done, by its result (org.freedesktop.systemd1(5), JobRemoved).
[[nodiscard]] std::string job_ending(std::string_view result);

}  // namespace certpivot::plugins
