#pragma once

// For the .cpp files of this folder.
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace certpivot::crypto {

/// What a PEM block holds.
struct PemContent {
  std::string label = {};
  /// RFC 1421's "Proc-Type: 4,ENCRYPTED" and what goes with it; empty for none.
  std::string header = {};
  Secret bytes = {};
};

/// One block's base64 decoded; what is encrypted stays so.
[[nodiscard]] Result<PemContent> decode_pem(std::string_view block);

}  // namespace certpivot::crypto
