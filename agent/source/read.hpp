#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "base/result.hpp"
#include "settings/settings.hpp"
#include "source/snapshot.hpp"

namespace certpivot::source {

/// A certificate, key or bundle larger than this is no such thing.
inline constexpr std::size_t size_limit = std::size_t{1024} * 1024;

enum class FaultKind { missing, unreadable, not_regular, too_large, changing };
/// Why one file could not be had; `text` is a whole sentence with the path, the cause and the
/// remedy.
struct Fault {
  FaultKind kind = FaultKind::missing;
  std::string path = {};
  std::string text = {};
  bool operator==(Fault const&) const = default;
};

/// Reads all files of a source in one piece. Files are opened without waiting (a FIFO would keep
/// us), must be regular and at most `size_limit`, and are looked at a second time after the last
/// one was read: where any name leads to another file by then, or a file changed, the whole is read
/// anew, a few times at most ("changing" after that). Every fault of every file is in the answer,
/// not only the first. Blocks: for a worker.
[[nodiscard]] tl::expected<Snapshot, std::vector<Fault>> read(settings::Source const& source);

/// Reads one file that is no part of a source: anchors. "system" is OpenSSL's default bundle, by
/// way of `crypto::system_bundle()`. Errors as above.
[[nodiscard]] Result<std::string> read_anchors(std::string const& anchors);

}  // namespace certpivot::source
