#pragma once

// For the .cpp files of this folder.
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/handle.hpp"

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

/// What a block holds that is no secret.
struct PublicContent {
  TextHandle owner = {};
  std::string_view der = {};
};

/// The base64 of the first block with this label, or what OpenSSL takes as the same, decoded. One
/// that is encrypted is an error, and nobody is asked for a passphrase.
[[nodiscard]] Result<PublicContent> decode_public_pem(std::string_view block, char const* label,
                                                      std::string const& failure);

}  // namespace certpivot::crypto
