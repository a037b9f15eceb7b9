#pragma once

#include <string>
#include <utility>
#include <vector>

#include "trust/verdict.hpp"

namespace certpivot::trust {

/// What one rule, or the reading of one file, has to say.
struct Findings {
  std::vector<Refusal> refusals = {};
  std::vector<std::string> warnings = {};

  void refuse(Reason reason, std::string text) { refusals.push_back({reason, std::move(text)}); }
  void warn(std::string text) { warnings.push_back(std::move(text)); }
  void add(Findings more) {
    for (Refusal& refusal : more.refusals) refusals.push_back(std::move(refusal));
    for (std::string& warning : more.warnings) warnings.push_back(std::move(warning));
  }
};

}  // namespace certpivot::trust
