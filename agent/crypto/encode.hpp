#pragma once

#include <string>

#include "crypto/certificate.hpp"

namespace certpivot::crypto {

/// The certificate's DER, byte for byte as its issuer signed it.
[[nodiscard]] std::string encode_certificate(Certificate const& certificate);

/// The key as PrivateKeyInfo in DER (PKCS#8, RFC 5958), not encrypted. Errors carry OpenSSL's
/// reason.
[[nodiscard]] Result<Secret> encode_private_key(PrivateKey const& key);

}  // namespace certpivot::crypto
