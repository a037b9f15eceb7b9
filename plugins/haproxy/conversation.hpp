#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "loop/task.hpp"

namespace certpivot::plugins {

/// Says `commands` to haproxy's Unix socket and closes that direction, without which a master
/// socket never ends; its whole answer, of at most 16 MiB. Errors: nobody listens, no permission,
/// no end of the answer within `limit`. They never hold what was said.
[[nodiscard]] Task<Result<std::string>> converse(std::string socket, Secret const& commands,
                                                 Duration limit);

/// The same for one command line that is no secret.
[[nodiscard]] Task<Result<std::string>> ask(std::string socket, std::string command,
                                            Duration limit);

}  // namespace certpivot::plugins
