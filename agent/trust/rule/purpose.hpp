#pragma once

#include "settings/settings.hpp"
#include "trust/candidate.hpp"

namespace certpivot::trust::rule {

/// The leaf may be used as what it is for: wrong_purpose. Its extended key usage, and that of every
/// certificate above it, allows the role or is absent (RFC 5280 section 4.2.1.12, and its limits
/// go down the path as in OpenSSL), and its keyUsage, where there is one, has digitalSignature,
/// which TLS signs with (RFC 8446 section 4.4.2.2). keyEncipherment alone is enough for the RSA key
/// exchange of TLS 1.2, and a warning. An authority's certificate as leaf is a warning, because
/// some peers reject it. `any` asks for nothing.
[[nodiscard]] Findings purpose(Candidate const& candidate, settings::Trust const& rules);

}  // namespace certpivot::trust::rule
