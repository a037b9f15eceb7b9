#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "crypto/crl.hpp"
#include "source/snapshot.hpp"

namespace certpivot::source {

/// A CRL of a public CA can have megabytes; this much of one outside of the source is read.
inline constexpr std::size_t crl_size_limit = std::size_t{16} * 1024 * 1024;

/// The CRLs of files, parsed once for all certificates that name them. Thread-safe.
class Crls {
 public:
  /// What nobody has asked for since so long is forgotten: no configuration may name it any more.
  explicit Crls(Duration kept = std::chrono::hours(1)) : kept_(kept) {}
  /// Read anew when stat(2) shows another version. Blocks.
  [[nodiscard]] crypto::CrlFile of_file(std::string const& path);
  /// Of a snapshot.
  [[nodiscard]] crypto::CrlFile of_bytes(FileBytes const& file);

 private:
  using List = std::shared_ptr<std::vector<crypto::Crl> const>;
  struct Known {
    std::string version = {};
    crypto::CrlFile file = {};
    SteadyTime asked = {};
  };
  [[nodiscard]] std::optional<crypto::CrlFile> known(std::string const& path,
                                                     std::string const& version);
  [[nodiscard]] crypto::CrlFile parse(std::string_view bytes, std::string const& path);

  Duration kept_;
  std::mutex mutex_ = {};
  std::map<std::string, Known> files_ = {};                                          ///< by path
  std::map<std::string, std::weak_ptr<std::vector<crypto::Crl> const>> lists_ = {};  ///< by digest
};

}  // namespace certpivot::source
