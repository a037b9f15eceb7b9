#pragma once

#include <string>
#include <string_view>

namespace certpivot::trust::rule {

/// What a strict check (a word of settings::strict_checks) has found, as the end of a sentence that
/// begins with the certificate's subject, with the RFC section that asks for it.
[[nodiscard]] std::string strict_fault(std::string_view check);

}  // namespace certpivot::trust::rule
