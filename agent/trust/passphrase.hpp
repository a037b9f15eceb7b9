#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "source/snapshot.hpp"

namespace certpivot::trust {

/// What opens an encrypted key or a PKCS#12; a view into the snapshot.
struct Passphrase {
  std::string path = {};
  std::optional<std::string_view> text = {};  ///< nothing where the file holds none to use
  std::string fault = {};                     ///< then: the cause and the remedy
};

/// Nothing where source.passphrase_file is not set.
[[nodiscard]] std::optional<Passphrase> passphrase_of(source::Snapshot const& snapshot);

}  // namespace certpivot::trust
