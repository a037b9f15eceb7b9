#pragma once

#include <string>
#include <vector>

#include "settings/settings.hpp"

namespace certpivot::source {

enum class Role { certificate, key, bundle, ca, crl, passphrase };

/// One file that a source consists of.
struct Name {
  Role role = Role::certificate;
  std::string name = {};  ///< as configured: what openat(2) below `directory` gets
  std::string path = {};  ///< the same, absolute; links and ".." are left as they are
  bool relative = false;  ///< taken below `directory`
  bool required = true;   ///< absence is a fault
};

/// `path` below the working directory where it is not absolute. Nothing is looked up.
[[nodiscard]] std::string absolute(std::string const& path);

/// Whether any of the names is taken below source.directory.
[[nodiscard]] bool needs_directory(settings::Source const& source);

/// The files in the order certificate, key (or bundle), ca, crl, passphrase, without a key that has
/// no name. A ca that nobody asked
/// for and that could only be searched for in the working directory is left out. A CRL may be
/// absent: trust/ has the words for that. With source.find_names the names are those of the layout
/// that stands below the opened `directory` (see layout.hpp), which blocks.
[[nodiscard]] std::vector<Name> names_of(settings::Source const& source, int directory);
/// The same, below source.directory. Blocks.
[[nodiscard]] std::vector<Name> names_of(settings::Source const& source);

/// The names whose change can matter: those of names_of(), with every name that the layout has for
/// a CA bundle, and those of every layout while none is complete. Blocks.
[[nodiscard]] std::vector<Name> names_to_watch(settings::Source const& source);

}  // namespace certpivot::source
