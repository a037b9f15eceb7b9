#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/certificate.hpp"
#include "crypto/private_key.hpp"

namespace certpivot::crypto {

/// The one entry of a keystore: a private key with its certificates, leaf first.
struct KeystoreEntry {
  PrivateKey key;
  std::vector<Certificate> chain = {};  ///< at least the leaf
  std::string alias = {};               ///< the friendly name of key and leaf
};

/// What readers understand. Both iterate 10,000 times, as JDK 17 does.
enum class KeystoreAlgorithms {
  modern,  ///< PBES2 with PBKDF2-HMAC-SHA256 and AES-256-CBC, MAC SHA-256, as OpenSSL 3 and JDK 17
  legacy,  ///< PBE-SHA1-3DES for key and certificates, MAC SHA-1: for JDK 8, Windows Server 2016
};

/// PKCS#12 (RFC 7292) in DER. The passphrase is UTF-8 without a zero byte, and may be empty.
/// Errors: a leaf that the key does not belong to; what OpenSSL cannot encode.
[[nodiscard]] Result<Secret> write_pkcs12(KeystoreEntry const& entry, std::string_view passphrase,
                                          KeystoreAlgorithms algorithms);

}  // namespace certpivot::crypto
