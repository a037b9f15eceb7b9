#include "plugins/systemd/main_process.hpp"

#include "plugins/systemd/unit.hpp"

namespace certpivot::plugins {

Result<Target> main_process(std::string const& unit, std::string const& bus_address,
                            SteadyTime deadline) {
  auto bus = Bus::open(bus_address, deadline);
  if (!bus) return fail(bus.error());
  auto found = Unit::find(*bus, unit);
  if (!found) return fail(found.error());
  if (auto const loaded = found->is_loaded(); !loaded) return fail(loaded.error());
  auto const pid = found->main_pid();
  if (!pid) return fail(pid.error());
  if (*pid == 0)
    return fail("there is no main process of", unit,
                "it is " + found->active_state().value_or("in no known state"), "start it");
  auto target = Target::hold(*pid);
  if (!target) return target;
  auto const again = found->main_pid();
  if (!again) return fail(again.error());
  if (*again != *pid)
    return fail("the main process changes at this moment of", unit, "it is being restarted");
  auto const group = found->cgroup();
  if (!group.empty() && !is_in_cgroup(*pid, group))
    return fail("will not signal process " + std::to_string(*pid) + " for", unit,
                "systemd means another one: this one is not in " + group,
                "run certpivot where systemd runs, not in another process namespace");
  return target;
}

}  // namespace certpivot::plugins
