#pragma once

#include <string>
#include <vector>

#include "settings/settings.hpp"
#include "source/walk.hpp"
#include "source/watch.hpp"

namespace certpivot::source {

/// A file that is itself the point of a mount (a Kubernetes subPath, a container's bind mount of
/// one file) never shows what replaces it on the host, and its directory reports nothing: polling
/// only, and only for writers that rewrite in place. Where it was replaced already the mount is
/// stale for ever.
[[nodiscard]] Coverage single_file_mount(Walk const& way);

/// Everything about mounts and limits that keeps certpivot from seeing a change of this source, a
/// sentence each: subPath mounts and stale ones, network and user-space file systems, directories
/// that may not be read, inotify limits (tried, not guessed: the watches are made and dropped). For
/// `certpivot check`. Blocks.
[[nodiscard]] std::vector<std::string> mount_remarks(settings::Source const& source);

}  // namespace certpivot::source
