#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "publish/generation.hpp"
#include "settings/settings.hpp"

/// The further files of a generation: the same pair in the other forms that servers ask for.
namespace certpivot::publish {

struct ExtraFile {
  std::string name = {};
  Secret bytes = {};
  Mode mode = {};  ///< key_mode for whatever holds the key
};

/// The names of the files that extra_files() makes of this certificate file, ascending. A chain of
/// a leaf alone is no file: servers refuse an empty one.
[[nodiscard]] std::vector<std::string> extra_names(settings::Publish const& publish,
                                                   std::string_view certificate);

/// Every further file that the settings ask for. Blocks: reads the keystore's passphrase. Errors: a
/// passphrase that cannot be had; certificates or a key that cannot be decoded.
[[nodiscard]] Result<std::vector<ExtraFile>> extra_files(settings::Publish const& publish,
                                                         Content const& content);

}  // namespace certpivot::publish
