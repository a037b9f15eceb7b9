#pragma once

// For the .cpp files of this folder and of tests/support.
#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/handle.hpp"

namespace certpivot::crypto {

using KeyInfoHandle = Handle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;

/// Unencrypted PKCS#8 as DER.
[[nodiscard]] Result<Secret> der_of(PKCS8_PRIV_KEY_INFO const* info);

}  // namespace certpivot::crypto
