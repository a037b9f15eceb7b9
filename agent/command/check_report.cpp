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

CheckState worse(CheckState left, CheckState right) {
  for (CheckState const state : {CheckState::critical, CheckState::unknown, CheckState::warning})
    if (left == state || right == state) return state;
  return CheckState::good;
}

namespace {

struct Rating {
  CheckState state = CheckState::good;
  Duration left = {};
  Duration threshold = {};  ///< that it is below, unless it is good

  // "3d are left, less than the critical threshold of 7d".
  [[nodiscard]] std::string sentence() const {
    return certpivot::to_text(left) + " are left, less than " + threshold_in_words();
  }
  [[nodiscard]] std::string threshold_in_words() const {
    return "the " + std::string(word(state)) + " threshold of " + certpivot::to_text(threshold);
  }
};

Rating rating_of(CertificateFacts const& leaf, settings::Expiry const& expiry, WallTime now) {
  Duration const lifetime = leaf.not_after - leaf.not_before;
  Duration const left = leaf.not_after - now;
  if (Duration const most = expiry.critical.of(lifetime); left <= most)
    return {CheckState::critical, left, most};
  if (Duration const most = expiry.warning.of(lifetime); left <= most)
    return {CheckState::warning, left, most};
  return {.left = left};
}

}  // namespace

void CheckReport::rate(settings::Expiry const& expiry, WallTime now) {
  state = absent ? CheckState::unknown : CheckState::critical;
  if (absent || !refusals.empty() || !leaf) return;
  Rating const rating = rating_of(*leaf, expiry, now);
  state = rating.state;
  if (state == CheckState::good) return;
  below = "below " + rating.threshold_in_words();
  warnings.push_back("only " + rating.sentence() + ": renew it");
}

bool CheckReport::is_held_back() const {
  bool const fails = (!faults.empty() && !owes_hooks) || !rolled_back.empty();
  return !in_force && (absent || !refusals.empty() || due || fails);
}

void CheckReport::rate_what_stays(CertificateFacts leaf_in_force, settings::Expiry const& expiry,
                                  WallTime now) {
  stays = std::move(leaf_in_force);
  Rating const rating = rating_of(*stays, expiry, now);
  if (rating.state == CheckState::good) return;
  state = worse(state, rating.state);
  warnings.push_back("generation " + std::to_string(generation) + " stays in force, " +
                     (rating.left > Duration::zero()
                          ? "and only " + rating.sentence()
                          : "and expired at " + to_rfc3339_seconds(stays->not_after)));
}

void CheckReport::warn(std::string sentence) {
  warnings.push_back(std::move(sentence));
  state = worse(state, CheckState::warning);
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
