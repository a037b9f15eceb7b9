#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "crypto/anchors.hpp"
#include "settings/settings.hpp"
#include "source/crls.hpp"
#include "source/responders.hpp"
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
  /// The same where the CA bundle is not a snapshot's; `origin` is where it stands.
  [[nodiscard]] Result<Anchors> anchors(std::string const& configured,
                                        std::optional<std::string_view> ca,
                                        std::string const& origin);

  /// Where those anchors are from, for a sentence: "/etc/ca.pem", "the system's /etc/ssl/…".
  [[nodiscard]] static std::string anchors_name(std::string const& configured,
                                                Snapshot const& snapshot);

  /// The CRL of the source, where one is configured, and with trust.revocation = "crl" those of
  /// trust.crl_files. The source's is the snapshot's; without a snapshot, the one that stands there
  /// now. Blocks.
  [[nodiscard]] std::vector<crypto::CrlFile> crls(settings::Certificate const& settings,
                                                  Snapshot const* snapshot);

  /// With trust.revocation = "ocsp": what responders say about a path, see Responders. Blocks.
  [[nodiscard]] std::vector<crypto::OcspAnswer> answers(
      std::vector<crypto::Certificate> const& path, settings::Trust const& rules, WallTime now);

  /// With trust.revocation = "crl": tells one version of all its CRL files from another, by stat(2)
  /// alone. Blocks.
  [[nodiscard]] static std::string version(settings::Certificate const& settings);

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
  Crls crls_ = Crls();
  Responders responders_ = {};
};

}  // namespace certpivot::source
