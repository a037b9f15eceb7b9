#include "command/check_report.hpp"

#include <algorithm>

#include "base/units.hpp"
#include "base/words.hpp"
#include "command/exit_code.hpp"

namespace certpivot::command {

std::string_view word(CheckState state) {
  switch (state) {
    case CheckState::good:
      return "good";
    case CheckState::warning:
      return "warning";
    case CheckState::critical:
      return "critical";
    case CheckState::unknown:
      break;
  }
  return "unknown";
}

void CheckReport::rate(settings::Expiry const& expiry, WallTime now) {
  state = absent ? CheckState::unknown : CheckState::critical;
  if (absent || !refusals.empty() || !leaf) return;
  Duration const lifetime = leaf->not_after - leaf->not_before;
  Duration const left = leaf->not_after - now;
  bool const enough = left > expiry.critical.of(lifetime);
  if (enough && left > expiry.warning.of(lifetime)) {
    state = CheckState::good;
    return;
  }
  if (enough) state = CheckState::warning;
  warnings.push_back("only " + certpivot::to_text(left) + " are left, less than expiry." +
                     std::string(word(state)) + " asks for: renew it");
}

void CheckReport::warn_of_start() {
  if (!due) return;
  warnings.push_back("not valid before " + to_rfc3339_seconds(*due) +
                     ": peers reject it until then, wait before it is put in place");
  if (state == CheckState::good) state = CheckState::warning;
}

std::string_view CheckReport::verdict() const {
  if (absent) return faults.empty() ? "missing" : "unreachable";
  return refusals.empty() ? "accepted" : "refused";
}

std::string CheckReport::plan() const {
  if (absent) return "wait for the source";
  if (in_force) return "nothing, generation " + std::to_string(generation) + " holds it already";
  if (!faults.empty())
    return generation == 0
               ? "try, and fail; nothing is in force yet"
               : "try, and fail; generation " + std::to_string(generation) + " stays in force";
  if (!rolled_back.empty())
    return "try it again in a while, since its last rollout did not end well; generation " +
           std::to_string(generation) + " stays in force until one does";
  if (!refusals.empty())
    return generation == 0
               ? "refuse it; nothing is in force"
               : "refuse it; generation " + std::to_string(generation) + " stays in force";
  std::string plan = due ? "wait until " + to_rfc3339_seconds(*due) + ", then " : "";
  plan += publishes ? "publish it as the next generation" : "leave it where it is";
  if (!hooks.empty()) plan += ", run " + joined(hooks);
  if (!probes.empty()) plan += ", prove it at " + joined(probes);
  return plan;
}

int exit_code_of(std::vector<CheckReport> const& reports) {
  auto const any = [&](CheckState state) {
    return std::any_of(reports.begin(), reports.end(),
                       [&](CheckReport const& report) { return report.state == state; });
  };
  if (any(CheckState::critical)) return check_critical;
  if (any(CheckState::unknown)) return check_unknown;
  return any(CheckState::warning) ? check_warning : done;
}

}  // namespace certpivot::command
