#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "publish/directory.hpp"
#include "settings/settings.hpp"
#include "source/evidence.hpp"

namespace certpivot::rollout {

/// Whether what is in force has been revoked meanwhile, asked again when the answer may be another:
/// with CRLs it changes with them or with what is in force only; responders are asked each time,
/// and Evidence keeps their answers.
class RevocationWatch {
 public:
  /// Whatever the source holds by now. Where that cannot be told any more, the answer last noted
  /// stays. Blocks: for a worker.
  [[nodiscard]] std::optional<std::string> ask(settings::Certificate const& settings,
                                               publish::Target& target, publish::Number in_force,
                                               source::Evidence& evidence, WallTime now);

  /// Takes an answer for the last one: the sentence, where there is one that was not noted before.
  [[nodiscard]] std::optional<std::string> note(std::optional<std::string> revoked);

 private:
  std::optional<std::string> revoked_ = {};
  /// The version of the CRLs and the generation that were last asked about.
  std::pair<std::string, publish::Number> asked_about_ = {};
};

}  // namespace certpivot::rollout
