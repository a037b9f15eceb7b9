#pragma once

#include <string_view>

#include "crypto/private_key.hpp"

namespace certpivot::crypto {

// Both refuse what read_private_key() does once it is decrypted, and an encryption that asks for
// more work than anything honest. None prompts.

/// One encrypted private key block: PKCS#8 with PBES2 or PBES1 (RFC 8018), or the old way, with a
/// header that says so (RFC 1421).
[[nodiscard]] Decoded<PrivateKey> decrypt_private_key(std::string_view block,
                                                      std::string_view passphrase);
/// One encrypted PKCS#8 in DER.
[[nodiscard]] Decoded<PrivateKey> decrypt_private_key_der(std::string_view der,
                                                          std::string_view passphrase);

}  // namespace certpivot::crypto
