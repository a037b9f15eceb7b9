#pragma once

#include <cstddef>
#include <optional>

#include "crypto/certificate.hpp"
#include "trust/findings.hpp"
#include "trust/pem_file.hpp"

namespace certpivot::trust {

/// The private key of a snapshot, where it stands in its file, and what is wrong with either.
struct KeyInFile {
  std::optional<crypto::PrivateKey> key = {};
  std::size_t begin = 0;  ///< as Verdict::key_begin and key_size
  std::size_t size = 0;
  Findings findings = {};
};

/// Refuses what is no PEM, holds no private key or more than one, holds a certificate (unless it is
/// a bundle), is encrypted, or cannot be decoded.
[[nodiscard]] KeyInFile read_key_file(PemFile const& file, bool bundle);

}  // namespace certpivot::trust
