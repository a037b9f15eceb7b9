#pragma once

// For the .cpp files of this folder.
#include <openssl/types.h>

namespace certpivot::crypto {

/// A library context of its own with OpenSSL's legacy provider (OSSL_PROVIDER-legacy(7): RC2, RC4,
/// single DES, PBKDF1), so that no handshake can come upon these. Loaded when it is first asked
/// for; null where it is not installed, and looked for again next time. Thread-safe.
[[nodiscard]] OSSL_LIB_CTX* legacy_library();

}  // namespace certpivot::crypto
