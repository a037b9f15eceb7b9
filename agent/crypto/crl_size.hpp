#pragma once

#include <cstddef>
#include <string_view>

namespace certpivot::crypto {

/// About how many bytes a CRL takes once OpenSSL 3.0 has decoded it, a tenth more or less. In DER a
/// name may have two bytes, decoded it has a hundred.
[[nodiscard]] std::size_t decoded_size_of_crl(std::string_view der);

}  // namespace certpivot::crypto
