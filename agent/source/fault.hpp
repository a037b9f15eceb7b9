#pragma once

#include <string>

#include "source/names.hpp"
#include "source/read.hpp"

namespace certpivot::source {

/// The sentences for what can be wrong with a file. All take the absolute path as configured.

/// Opening or reading failed with this errno. The way to the file is walked to say which part of it
/// is missing, which link leads nowhere and which directory or file refuses whom. Blocks.
[[nodiscard]] Fault fault_of(int errno_value, std::string const& path);

/// It is there and is not a regular file; `type` is its S_IFMT part.
[[nodiscard]] Fault not_regular(std::string const& path, ::mode_t type);
/// It has more bytes than `limit`, which is larger for CRLs beside the source than within it.
[[nodiscard]] Fault too_large(Name const& name, std::size_t limit);
/// None of the names that are looked for is in the directory; `names` lists them.
[[nodiscard]] Fault without_layout(std::string const& directory, std::string const& names);
/// It never stayed the same for two reads in a row.
[[nodiscard]] Fault changing(std::string const& path, int reads);

}  // namespace certpivot::source
