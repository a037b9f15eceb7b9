#pragma once

#include <string_view>

struct x509_st;

namespace certpivot::crypto {

/// The word of settings::strict_checks for an error of X509_verify_cert(3) that only
/// X509_V_FLAG_X509_STRICT makes it report about this certificate; empty for any other.
/// `intermediate`: it stands between leaf and anchor.
[[nodiscard]] std::string_view strict_word(int error, x509_st* certificate, bool intermediate);

}  // namespace certpivot::crypto
