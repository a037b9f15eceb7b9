#pragma once

#include <string>
#include <vector>

#include "base/certificate_facts.hpp"

namespace certpivot::probe {

/// A leaf that may be served in place of the expected one, and what people call it.
struct Other {
  std::string fingerprint = {};
  std::string name = {};  ///< "generation 6, in force before"
};

/// What a server is to prove that it serves.
struct Expected {
  std::string name = {};  ///< "generation 7"
  CertificateFacts leaf = {};
  std::vector<Other> others = {};  ///< those worth a name in the failure
};

}  // namespace certpivot::probe
