#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.hpp"
#include "crypto/anchors.hpp"
#include "source/snapshot.hpp"

namespace certpivot::source {

/// What a verdict needs besides the snapshot, so that trust/ touches neither file nor network. One
/// parsed store a bundle, shared by all certificates that trust it: the system's bundle alone costs
/// 30 ms and a megabyte. Files are read anew when stat(2) shows another version. Thread-safe.
class Evidence {
 public:
  using Anchors = std::shared_ptr<crypto::Anchors const>;

  /// `configured` is trust.anchors: a file, "system", or empty for the snapshot's own CA bundle,
  /// else the system's. Errors: the bundle cannot be read, or holds no certificate. Blocks.
  [[nodiscard]] Result<Anchors> anchors(std::string const& configured, Snapshot const& snapshot);

 private:
  [[nodiscard]] Result<Anchors> from_file(std::string const& path);
  [[nodiscard]] Result<Anchors> from_bytes(std::string_view bundle, std::string const& origin);

  struct File {
    std::string version = {};  ///< what stat(2) tells one version by
    Anchors anchors = {};
  };
  std::mutex mutex_;
  std::map<std::string, File> files_;
  std::map<std::string, std::weak_ptr<crypto::Anchors const>> bundles_;  ///< by digest
};

}  // namespace certpivot::source
