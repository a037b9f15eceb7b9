#pragma once

#include <string>
#include <string_view>

namespace certpivot::crypto {

/// HMAC with SHA-256 (RFC 2104), lower-case hex.
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view message);

}  // namespace certpivot::crypto
