#pragma once

// For the .cpp files of this folder.
#include <string_view>

#include "crypto/derivation.hpp"
#include "crypto/handle.hpp"
#include "crypto/private_key.hpp"

namespace certpivot::crypto {

/// PKCS#8 decoded.
[[nodiscard]] Decoded<PrivateKey> decode_key(PKCS8_PRIV_KEY_INFO const* info);

/// Encrypted PKCS#8 decrypted and decoded, at the budget's expense.
[[nodiscard]] Decoded<PrivateKey> decrypt_key(X509_SIG const* encrypted,
                                              std::string_view passphrase,
                                              DerivationBudget& budget);

}  // namespace certpivot::crypto
