#pragma once

// For the .cpp files of this folder.
#include <netdb.h>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"

/// TCP connections for what blocks on a worker, each wait bounded by a deadline.
namespace certpivot::crypto {

/// Whole milliseconds until then, as poll(2) takes them; 0 where it is over.
[[nodiscard]] int milliseconds_until(SteadyTime deadline);

/// Whether the socket is ready for these events of poll(2) before the deadline.
[[nodiscard]] bool await(int fd, short events, SteadyTime deadline);

/// A non-blocking connection to the first of the addresses that takes one. Each but the last is
/// waited for no longer than its share of the time that is left, so that one that answers nothing
/// does not keep us from the others. Errors: the last one's; the code is std::errc::timed_out where
/// the time is over.
[[nodiscard]] Result<UniqueFd> connect_to_any(::addrinfo const& first, SteadyTime deadline);

/// The same for a host, by name or by address, "[::1]" as a URL has it. Errors: also those of
/// resolving the name.
[[nodiscard]] Result<UniqueFd> connect_to(std::string const& host, std::string const& port,
                                          SteadyTime deadline);

}  // namespace certpivot::crypto
