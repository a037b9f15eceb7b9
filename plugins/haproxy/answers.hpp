#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "base/result.hpp"

/// What haproxy's command line answers, read as text (haproxy's management guide, section 9.3, and
/// what 2.6.12 was seen to say). Nothing here talks to anybody.
namespace certpivot::plugins {

/// Of `show ssl cert`, `show ssl ca-file` and `show ssl crl-file`: what haproxy has loaded, by the
/// names of its configuration.
struct LoadedFiles {
  std::vector<std::string> names = {};
  std::string transaction = {};  ///< the name that an open transaction is about; empty for none
};
/// Errors: anything else than a list, with what haproxy said.
[[nodiscard]] Result<LoadedFiles> parse_loaded_files(std::string_view answer);

/// Somebody else's command was at work on haproxy's certificates in this very moment: ask again.
[[nodiscard]] bool is_locked(std::string_view answer);

/// The SHA-1 fingerprints in `show ssl cert NAME` (the leaf's) or `show ssl ca-file NAME` (of each
/// certificate), lower-case hex.
[[nodiscard]] std::vector<std::string> parse_fingerprints(std::string_view answer);

/// How `set ssl cert NAME` and `commit ssl cert NAME`, sent together, ended.
enum class Replaced {
  yes,
  refused,  ///< haproxy read the pair and does not want it
  mixed,    ///< somebody else was at it, or has a transaction open
  nowhere,  ///< "Success!" without a dot: no TLS instance has taken it (haproxy issue #3165)
  unheard,  ///< no permission, an unknown name, no answer at all
};
struct Replacement {
  Replaced outcome = Replaced::unheard;
  std::string words = {};  ///< haproxy's own, printable
};
[[nodiscard]] Replacement parse_replacement(std::string_view answer, std::string_view name);

/// Of `show proc` on the master socket.
struct Processes {
  unsigned failed = 0;             ///< reloads since the last good one
  std::set<::pid_t> workers = {};  ///< those in charge, not the old ones
};
/// Nothing where it is no such list.
[[nodiscard]] std::optional<Processes> parse_processes(std::string_view answer);

/// Of `reload` on the master socket: nothing before haproxy 2.7, which does not tell; else whether
/// it went well.
[[nodiscard]] std::optional<bool> parse_reload(std::string_view answer);

/// The first [ALERT] line of what `haproxy -c` printed, from there on, printable: the reason. The
/// end of the output where there is none.
[[nodiscard]] std::string first_alert(std::string_view output);

}  // namespace certpivot::plugins
