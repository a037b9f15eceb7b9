#pragma once

#include <string>

#include "base/result.hpp"

namespace certpivot::crypto {

/// The reason of the first failure in this thread's OpenSSL error queue, which is empty afterwards:
/// the first is where it went wrong, the later ones are its callers. OpenSSL's additional data is
/// left out, because it may quote the input.
[[nodiscard]] std::string take_failure();

/// A failed Result with that reason as its cause.
[[nodiscard]] tl::unexpected<Error> fail_openssl(std::string what, std::string where = {},
                                                 std::string remedy = {});

/// Throws that reason: for what fails for want of memory only, where an empty answer would pass for
/// a real one.
[[noreturn]] void throw_failure(std::string const& what);

/// Empties the queue after a failure that was expected and is told in other words. A reason left
/// behind would be taken for that of the next call, SSL_get_error(3) above all.
void forget_failures();

}  // namespace certpivot::crypto
