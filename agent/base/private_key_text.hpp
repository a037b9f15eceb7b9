#pragma once

#include <string>
#include <string_view>

namespace certpivot {

/// `text` with a remark in the place of each PEM block (RFC 7468) whose label speaks of a private
/// key, from "-----BEGIN" to the dashes that close its END line, or to the end of `text` where
/// there is none. The lines may be parted by anything, such as "\n" in JSON. The end of a block
/// whose BEGIN is missing cannot be told from other text.
[[nodiscard]] std::string without_private_keys(std::string_view text);

}  // namespace certpivot
