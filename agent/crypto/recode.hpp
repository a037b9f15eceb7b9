#pragma once

#include <optional>
#include <string_view>

#include "base/secret.hpp"
#include "crypto/decode_failure.hpp"

namespace certpivot::crypto {

/// What a file holds that looks like DER, as PEM: a certificate, a private key as unencrypted
/// PKCS#8, or a PKCS#12's key and certificates. The same text for the same file. A passphrase that
/// is not needed is not looked at.
[[nodiscard]] Decoded<Secret> pem_of_der_file(std::string_view bytes,
                                              std::optional<std::string_view> passphrase);

/// The same of a file that may hold nothing but one certificate.
[[nodiscard]] Decoded<Secret> pem_of_der_certificate(std::string_view bytes);

}  // namespace certpivot::crypto
