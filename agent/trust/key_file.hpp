#pragma once

#include <cstddef>
#include <optional>

#include "base/secret.hpp"
#include "crypto/private_key.hpp"
#include "trust/findings.hpp"
#include "trust/material.hpp"
#include "trust/passphrase.hpp"

namespace certpivot::trust {

/// The private key of a snapshot, what is published of it, and what is wrong with either.
struct KeyInFile {
  std::optional<crypto::PrivateKey> key = {};
  std::size_t begin = 0;  ///< as Verdict::key_begin, key_size and key_pem
  std::size_t size = 0;
  Secret pem = {};
  Findings findings = {};
};

/// Refuses what holds no private key or more than one, holds a certificate (unless it is a bundle),
/// cannot be opened by the passphrase, or cannot be decoded.
[[nodiscard]] KeyInFile read_key_file(Material const& file, bool bundle,
                                      std::optional<Passphrase> const& passphrase);

}  // namespace certpivot::trust
