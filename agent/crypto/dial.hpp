#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "crypto/address.hpp"
#include "loop/task.hpp"

namespace certpivot::crypto {

/// Connects on the loop: a non-blocking socket. Where the address is a name, each of its addresses
/// is tried. `stage` says how far it has come, for whoever cancels it when the time is over; it
/// must outlive the call. Errors: the name does not resolve, nobody listens, or may not be asked.
[[nodiscard]] Task<Result<UniqueFd>> dial(Address address, std::string& stage);

/// Whether somebody listens there: connects, and hangs up without a word.
[[nodiscard]] Task<Result<void>> reach(Address address, Duration limit);

}  // namespace certpivot::crypto
