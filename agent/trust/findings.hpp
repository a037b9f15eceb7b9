#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "trust/verdict.hpp"

namespace certpivot::trust {

/// What one rule, or the reading of one file, has to say.
struct Findings {
  std::vector<Refusal> refusals = {};
  std::vector<std::string> warnings = {};
  /// As in Verdict.
  std::optional<WallTime> due = {};

  void refuse(Reason reason, std::string text) { refusals.push_back({reason, std::move(text)}); }
  void warn(std::string text) { warnings.push_back(std::move(text)); }
  void wait_until(WallTime start) { due = std::max(due.value_or(start), start); }
  void add(Findings more) {
    if (more.due) wait_until(*more.due);
    for (Refusal& refusal : more.refusals) refusals.push_back(std::move(refusal));
    for (std::string& warning : more.warnings) warnings.push_back(std::move(warning));
  }
};

}  // namespace certpivot::trust
