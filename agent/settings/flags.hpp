#pragma once

#include <string>
#include <vector>

#include "settings/read.hpp"

namespace certpivot::settings {

/// What `once` takes instead of a file; each is also an environment variable, CERTPIVOT_SOURCE and
/// so on, which the command line overrides (command/ fills this; CLI11 reads the environment).
struct Flags {
  std::string source = {};
  std::string certificate = {};
  std::string key = {};
  std::string ca = {};
  std::string anchors = {};
  std::string publish = {};
  std::string name = {};     ///< the certificate's name in events and logs; default "default"
  std::string signal = {};   ///< with pidfile
  std::string pidfile = {};  ///< whom `signal` goes to
  std::string exec = {};     ///< split at blanks, without a shell
  bool operator==(Flags const&) const = default;
};

/// One certificate, or what is wrong with the flags; an empty flag is one that wasn't given. The
/// rest has the file's defaults, except that `agent.state` is empty: between runs, only the publish
/// directory remembers.
[[nodiscard]] Checked<Settings> from_flags(Flags const& flags);

}  // namespace certpivot::settings
