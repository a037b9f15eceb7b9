#pragma once

#include "settings/settings.hpp"
#include "source/snapshot.hpp"
#include "trust/findings.hpp"

namespace certpivot::trust::rule {

/// The permission bits of the key in the source are no wider than configured: key_access. Where any
/// are accepted, a key that others may read or write is a warning.
[[nodiscard]] Findings access(source::FileFacts const& key, settings::Trust const& rules);

}  // namespace certpivot::trust::rule
