#pragma once

#include <string>
#include <vector>

namespace certpivot::testing {

/// Brings config/examples/node-grpc with its packages into the build directory, and none of it into
/// the source tree. Needs no network where they are there already. Empty, or why npm could not
/// fetch them; throws where anything else is wrong.
[[nodiscard]] std::string install_node_example();

/// Its server.
[[nodiscard]] std::vector<std::string> node_program();

}  // namespace certpivot::testing
