#pragma once

// For chain.cpp only.
#include <vector>

#include "crypto/chain.hpp"
#include "crypto/handle.hpp"

namespace certpivot::crypto {

/// Puts CRLs on a list that borrows them; null is none. False where memory is short.
[[nodiscard]] bool borrow(std::vector<Crl> const* crls, STACK_OF(X509_CRL) * list);

/// Whether what OpenSSL says about revocation counts after what it said before; then the problem
/// gets the CRL that it comes from. `at_the_end`: it is about the last certificate of the path.
[[nodiscard]] bool take_crl(X509_STORE_CTX* context, bool at_the_end,
                            std::vector<ChainProblem> const& earlier, ChainProblem& problem);

}  // namespace certpivot::crypto
