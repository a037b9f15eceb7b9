#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "publish/directory.hpp"
#include "settings/settings.hpp"
#include "source/evidence.hpp"

namespace certpivot::rollout {

/// How a sentence about the revocation of what is in force begins: the daemon's and `check`'s.
[[nodiscard]] std::string about_in_force(publish::Number generation);

/// Whether what is in force has been revoked meanwhile, asked again when the answer may be another:
/// with CRLs it changes with them, with the end of one, or with what is in force only; responders
/// are asked each time, and Evidence keeps their answers.
class RevocationWatch {
 public:
  /// Nothing where it is not revoked, the sentence where it is; the error says why that cannot be
  /// told.
  using Answer = Result<std::optional<std::string>>;

  /// What is in force, whatever the source holds by now.
  struct InForce {
    publish::Number generation = 0;
    publish::Target* target = nullptr;  ///< null where the server reads the source itself
    std::string snapshot_digest = {};   ///< then: of the snapshot that it was last seen to be
  };

  /// Blocks: for a worker.
  [[nodiscard]] Answer ask(settings::Certificate const& settings, InForce const& in_force,
                           source::Evidence& evidence, WallTime now);

  /// What is new in an answer, to be said once.
  struct News {
    std::string revoked = {};
    std::string unknown = {};
    std::string recovered = {};  ///< not revoked, where the answer before was another
  };
  /// Takes an answer for the last one; where it could not be told, the one before it stays.
  [[nodiscard]] News note(Answer const& answer);

  /// By the answer last noted.
  [[nodiscard]] bool is_revoked() const { return revoked_.has_value(); }

 private:
  std::optional<std::string> revoked_ = {};
  std::string unknown_ = {};
  /// The version of the CRLs and the generation that were last answered for.
  std::pair<std::string, publish::Number> answered_for_ = {};
  WallTime holds_until_ = {};
};

}  // namespace certpivot::rollout
