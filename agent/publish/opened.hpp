#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "publish/generation.hpp"

/// The publish directory as descriptors, and the few calls below them that every step needs.
/// Private to publish/. No call follows a link below the publish directory.
namespace certpivot::publish {

/// Opened for one call and closed after it: ten thousand certificates must not hold descriptors
/// while they rest, and a directory that was removed and made again is found again.
struct Opened {
  std::string path = {};  ///< for sentences
  UniqueFd root = {};
  UniqueFd generations = {};
  /// Path of something below, for sentences.
  [[nodiscard]] std::string below(std::string const& name) const { return path + "/" + name; }
  [[nodiscard]] std::string generation(std::string const& name) const;
};

/// The publish directory itself. Errors keep the system's code.
[[nodiscard]] Result<UniqueFd> open_root(std::string const& path);

/// Nothing where the directory, or generations/ in it, does not exist.
[[nodiscard]] Result<std::optional<Opened>> open_existing(std::string const& path);
/// The same for steps that come after prepare(): absence is an error.
[[nodiscard]] Result<Opened> open_prepared(std::string const& path);

/// A directory below `parent`, never through a link. Errors keep the system's code.
[[nodiscard]] Result<UniqueFd> open_below(int parent, std::string const& name,
                                          std::string const& where);

/// The names in a directory, without "." and "..", sorted.
[[nodiscard]] Result<std::vector<std::string>> names_in(int directory, std::string const& where);

/// Where a link points; nothing where `name` is no link or is not there.
[[nodiscard]] std::optional<std::string> read_link(int directory, std::string const& name);

/// The number that `current` names, 0 where it is not there. Errors: no link, or to somewhere else.
[[nodiscard]] Result<Number> read_current(Opened const& opened);

/// The numbers of the generations that are there, ascending.
[[nodiscard]] Result<std::vector<Number>> read_generations(Opened const& opened);

/// Removes a directory that holds no directories, its pair after its other files. Absence is no
/// error.
[[nodiscard]] Result<void> remove_flat(int parent, std::string const& name,
                                       std::string const& where);

/// fsync(2); file systems that have nothing to flush for a directory answer EINVAL.
[[nodiscard]] bool flush(int fd);

/// The failure of a call that changes the directory, with the remedy for `errno_value`.
[[nodiscard]] tl::unexpected<Error> write_failure(std::string what, std::string where,
                                                  std::string const& directory,
                                                  int errno_value = errno);

}  // namespace certpivot::publish
