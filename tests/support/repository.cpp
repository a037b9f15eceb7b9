#include "support/repository.hpp"

namespace certpivot::testing {

std::filesystem::path repository() { return CERTPIVOT_REPOSITORY; }

}  // namespace certpivot::testing
