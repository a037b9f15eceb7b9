#pragma once

#include <string>

#include "settings/settings.hpp"
#include "trust/candidate.hpp"

namespace certpivot::trust::rule {

/// The keys of the leaf and of the certificates between it and the anchor are of a kind that TLS
/// servers sign with (RFC 8446 section 4.2.3) and have at least the configured size, and the leaf's
/// is on a curve that TLS 1.3 has a name for: weak_key. For purpose any such a curve is a warning.
[[nodiscard]] Findings strength(Candidate const& candidate, settings::Trust const& rules);

/// Why the key of one certificate is refused; empty where it is not.
[[nodiscard]] std::string weakness(crypto::Certificate const& certificate,
                                   settings::Trust const& rules);

}  // namespace certpivot::trust::rule
