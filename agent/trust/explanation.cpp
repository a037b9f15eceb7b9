#include "trust/explanation.hpp"

namespace certpivot::trust {

std::string_view explanation(Reason reason) { return code(reason); }

}  // namespace certpivot::trust
