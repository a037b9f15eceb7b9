#pragma once

#include <optional>
#include <string_view>

#include "base/secret.hpp"
#include "crypto/decode_failure.hpp"

namespace certpivot::crypto {

/// A PKCS#12 file (RFC 7292) as PEM: its private key, then its certificates in their order; with an
/// empty passphrase where none is given. Errors: it holds no key, two keys, no certificate or more
/// than 40, or has more than 256 KiB.
[[nodiscard]] Decoded<Secret> pem_of_pkcs12(std::string_view der,
                                            std::optional<std::string_view> passphrase);

}  // namespace certpivot::crypto
