#pragma once

#include <string>
#include <string_view>
#include <vector>

/// OpenSSL as a whole.
namespace certpivot::crypto {

/// SHA-256, lower-case hex, over several pieces, each preceded by its length so that a byte moved
/// from one piece to the next changes the digest.
[[nodiscard]] std::string digest(std::vector<std::string_view> const& pieces);

/// OpenSSL's version as linked: "OpenSSL 3.0.22 …".
[[nodiscard]] std::string library_version();

/// First use of OpenSSL costs milliseconds (providers, error strings, decoders); paid at start-up.
void warm_up();

}  // namespace certpivot::crypto
