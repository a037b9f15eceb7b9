#include "command/check_report.hpp"

#include <algorithm>
#include <utility>

#include "base/units.hpp"
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

void CheckReport::warn(std::string sentence) {
  warnings.push_back(std::move(sentence));
  if (state == CheckState::good) state = CheckState::warning;
}

void CheckReport::warn_of_start() {
  if (!due) return;
  warn("not valid before " + to_rfc3339_seconds(*due) +
       ": peers reject it until then, wait before it is put in place");
}

std::string_view CheckReport::verdict() const {
  if (absent) return faults.empty() ? "missing" : "unreachable";
  return refusals.empty() ? "accepted" : "refused";
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
