#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "base/secret.hpp"
#include "base/units.hpp"

namespace certpivot::source {

/// What one file of the source was when it was read.
struct FileFacts {
  std::string path = {};         ///< as configured, made absolute
  std::string link_target = {};  ///< of the last component, where that is a link
  Mode mode = {};
  ::uid_t owner = 0;
  ::gid_t group = 0;
};

/// One file's bytes.
struct FileBytes {
  FileFacts facts = {};
  Secret bytes = {};
};

/// Certificate chain, private key, CA bundle and CRL read from the source in one piece: no file
/// changed between the first byte of the first and the last byte of the last. With `bundle`,
/// `certificate` and `key` hold the same bytes.
struct Snapshot {
  FileBytes certificate = {};
  FileBytes key = {};
  std::optional<FileBytes> ca = {};
  std::optional<FileBytes> crl = {};
  /// Where these two are looked for, whether they are there or not; empty where none is configured.
  std::string ca_path = {};
  std::string crl_path = {};
  std::optional<FileBytes> passphrase = {};  ///< of the key, or of the PKCS#12
  /// SHA-256 over all contents and nothing else: equal digests mean nothing to do.
  std::string digest = {};

  /// False for a chain as a server sends it, or a certificate that is looked at alone: then the key
  /// is neither missed nor judged.
  [[nodiscard]] bool has_key() const { return !key.facts.path.empty(); }
};

}  // namespace certpivot::source
