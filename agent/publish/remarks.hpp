#pragma once

#include <string>
#include <vector>

#include "settings/settings.hpp"

namespace certpivot::publish {

/// What would keep a generation from being published, found without changing anything: a read-only
/// file system, missing rights, a file in the directory's place. A sentence each.
[[nodiscard]] std::vector<std::string> remarks(settings::Publish const& publish);

/// Why the daemon would refuse to publish here at all: an unknown owner, something in the directory
/// that certpivot did not make, a keystore's passphrase that cannot be read. Changes nothing. A
/// sentence each.
[[nodiscard]] std::vector<std::string> faults(settings::Publish const& publish);

}  // namespace certpivot::publish
