#pragma once

#include <string>
#include <vector>

#include "unit/trust/sample.hpp"

/// Certificates for the comparison with openssl-verify(1), made anew in each run.
namespace certpivot::trust {

struct OpensslCase {
  std::string name = {};  ///< "<group>: <what it is>", each one once
  std::string leaf = {};
  std::string chain = {};  ///< what stands behind the leaf; may be empty
  std::string key = {};
  std::string anchors = {};
  settings::Purpose purpose = settings::Purpose::server;
  std::string asked_name = {};  ///< empty for none
  WallTime now = testing::from_now({});
};

[[nodiscard]] std::vector<OpensslCase> shapes();
[[nodiscard]] std::vector<OpensslCase> strengths();
[[nodiscard]] std::vector<OpensslCase> times();
[[nodiscard]] std::vector<OpensslCase> constraints();
[[nodiscard]] std::vector<OpensslCase> strict_forms();
[[nodiscard]] std::vector<OpensslCase> purposes();
[[nodiscard]] std::vector<OpensslCase> alternative_names();

}  // namespace certpivot::trust
