#pragma once

#include <string>

namespace certpivot::crypto {

/// The file with the anchors that this machine trusts: $SSL_CERT_FILE, or the first of the usual
/// places that can be read; the first of all where none can.
[[nodiscard]] std::string system_bundle();

}  // namespace certpivot::crypto
