#pragma once

#include <functional>
#include <vector>

#include "crypto/chain.hpp"

// For chain.cpp only.
namespace certpivot::crypto {

/// Verifies along the one path that OpenSSL builds when some certificates, anchors or not, are left
/// out.
using VerifyWithout = std::function<ChainAnswer(std::vector<Certificate> const& left_out)>;

/// X509_verify_cert(3) follows the first issuer that it finds for each certificate, and never goes
/// back to another with the same name: a cross-signed certificate, or the next key of a CA (RFC
/// 4158 section 2.4 has such paths). Where the path `first` does not hold, this tries the others,
/// within a limit, and returns the answer with the fewest problems. It costs nothing where no two
/// certificates at hand share a name.
[[nodiscard]] ChainAnswer best_path(ChainQuestion const& question, ChainAnswer first,
                                    VerifyWithout const& verify);

}  // namespace certpivot::crypto
