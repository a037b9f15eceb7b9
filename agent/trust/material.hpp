#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "crypto/certificate.hpp"
#include "crypto/pem.hpp"
#include "source/snapshot.hpp"
#include "trust/findings.hpp"
#include "trust/passphrase.hpp"

namespace certpivot::trust {

/// What one file of a snapshot holds, as PEM blocks whatever its form: where the file is PEM, they
/// stand in its own bytes; DER and PKCS#12 are written as PEM first. Where that cannot be done,
/// `blocks` is empty and `fault` says why.
struct Material {
  std::string path = {};
  Secret recoded = {};  ///< empty where the file is PEM
  std::string_view text = {};
  std::vector<crypto::PemBlock> blocks = {};
  std::optional<Refusal> fault = {};

  [[nodiscard]] bool usable() const { return !fault; }
  [[nodiscard]] bool is_recoded() const { return !recoded.empty(); }
  [[nodiscard]] std::string_view bytes_of(crypto::PemBlock const& block) const {
    return text.substr(block.begin, block.size);
  }
  [[nodiscard]] bool has_certificate() const;
  /// To follow "holds no certificate": what it holds instead, where that is a common mistake.
  [[nodiscard]] std::string_view instead() const;
};

/// What belongs into a file.
struct Expected {
  std::string_view kind = {};  ///< "certificate", "private key"
  Reason malformed = Reason::malformed_certificate;
};

[[nodiscard]] Material read_material(source::FileBytes const& file, Expected const& expected,
                                     std::optional<Passphrase> const& passphrase);
/// The same for a file that must hold nothing but certificates: a PKCS#12 is refused, too.
[[nodiscard]] Material read_authority_material(source::FileBytes const& file);

/// A certificate and the block that it was decoded from.
struct PlacedCertificate {
  crypto::Certificate certificate;
  crypto::PemBlock block = {};
};

/// All certificates of a file that can be decoded; each one that cannot is a refusal. More than
/// `most` are refused undecoded, because each takes 0.2 ms.
[[nodiscard]] std::vector<PlacedCertificate> certificates_in(Material const& file, std::size_t most,
                                                             Findings& findings);

}  // namespace certpivot::trust
