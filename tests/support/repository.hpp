#pragma once

#include <filesystem>

namespace certpivot::testing {

/// The root of this source tree, for tests that hold its files against the code. Not from __FILE__,
/// which ccache makes relative to wherever the compiler ran.
[[nodiscard]] std::filesystem::path repository();

}  // namespace certpivot::testing
