#pragma once

// For the .cpp files of this folder.
#include <string>
#include <string_view>

namespace certpivot::crypto {

/// What is wrong with the frame around a private key's numbers, in DER: PKCS#8 (RFC 5958 section 2,
/// RFC 8410 section 3), SEC1 (RFC 5915 section 3) or PKCS#1 (RFC 8017 appendix A.1.2). OpenSSL
/// passes over an unknown version or a field that does not belong there, and Java, for one, does
/// not. Empty where nothing is; the numbers themselves are the decoder's.
[[nodiscard]] std::string wrong_frame(std::string_view der);

}  // namespace certpivot::crypto
