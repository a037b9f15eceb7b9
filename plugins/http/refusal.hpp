#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/http/message.hpp"

namespace certpivot::plugins {

/// Why an answer counts as a no, for the failure: its status, where a redirect points, and the
/// first 512 bytes of its body on one printable line. What stands in `secrets` is left out, for
/// servers that send back what they were sent.
[[nodiscard]] std::string words_of_refusal(HttpAnswer const& answer,
                                           std::vector<std::string_view> const& secrets);

}  // namespace certpivot::plugins
