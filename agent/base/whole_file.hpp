#pragma once

#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/unique_fd.hpp"

namespace certpivot {

/// All bytes of an open file. `what` and `where` begin the sentence of an error: no regular file,
/// one larger than `largest`, one that shrinks meanwhile.
[[nodiscard]] Result<Secret> read_whole(UniqueFd const& file, std::size_t largest,
                                        std::string const& what, std::string const& where);

}  // namespace certpivot
