#pragma once

// For the .cpp files of this folder.
#include <string>

struct evp_pkey_st;

namespace certpivot::crypto {

/// What keeps a key's private part from belonging to its public part; empty where it does. OpenSSL
/// compares public parts only: without this, a damaged key would be found by the first handshake.
[[nodiscard]] std::string inconsistency_of(evp_pkey_st* key);

}  // namespace certpivot::crypto
