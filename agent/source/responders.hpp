#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "crypto/ocsp.hpp"
#include "settings/settings.hpp"

namespace certpivot::source {

/// OCSP responders, and what they said: an answer counts until its next update, though at most for
/// an hour; that there was none, for a minute. Thread-safe.
class Responders {
 public:
  /// Asks about each certificate of the path, leaf first and each followed by its issuer: always
  /// about the leaf, about others where they name a responder. Blocks, up to trust.ocsp_timeout for
  /// all of them together.
  [[nodiscard]] std::vector<crypto::OcspAnswer> ask(std::vector<crypto::Certificate> const& path,
                                                    settings::Trust const& rules, WallTime now);

 private:
  struct Known {
    WallTime asked = {};
    WallTime until = {};
    Result<crypto::OcspStatus> status = {};
  };
  struct Question {
    crypto::Certificate const& certificate;
    crypto::Certificate const& issuer;
    std::string const& responder;
  };
  [[nodiscard]] Result<crypto::OcspStatus> status(Question const& question, SteadyTime deadline,
                                                  settings::Trust const& rules, WallTime now);

  std::mutex mutex_ = {};
  std::map<std::string, Known> known_ = {};  ///< by certificate, issuer and responder
};

}  // namespace certpivot::source
