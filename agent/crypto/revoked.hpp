#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"

namespace certpivot::crypto {

/// When a certificate was revoked and, where the CA says so, why.
struct Revoked {
  std::optional<WallTime> at = {};  ///< nothing where its date is none
  std::string reason = {};

  /// "revoked at 2026-11-20T20:31:00Z, key compromise".
  [[nodiscard]] std::string text() const;
};

/// A CRLReason (RFC 5280 section 5.3.1) in words, "key compromise"; "reason 99" where it is none.
[[nodiscard]] std::string reason_in_words(long reason);

}  // namespace certpivot::crypto
