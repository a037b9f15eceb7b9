#pragma once

// For the .cpp files of this folder.
#include "crypto/anchors.hpp"

namespace certpivot::crypto {

/// What an error of X509_verify_cert(3) means, as far as its number tells.
[[nodiscard]] ChainFault fault_of(int error);

}  // namespace certpivot::crypto
