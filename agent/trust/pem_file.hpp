#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/certificate.hpp"
#include "source/snapshot.hpp"
#include "trust/findings.hpp"

namespace certpivot::trust {

/// One file of a snapshot, as PEM blocks. Where it is no PEM, `blocks` is empty and `fault` says
/// what it is instead, in words that follow the path and name the remedy.
struct PemFile {
  std::string path = {};
  std::string_view text = {};
  std::vector<crypto::PemBlock> blocks = {};
  std::string fault = {};

  [[nodiscard]] bool usable() const { return fault.empty(); }
  [[nodiscard]] std::string_view bytes_of(crypto::PemBlock const& block) const {
    return text.substr(block.begin, block.size);
  }
  [[nodiscard]] bool has_certificate() const;
  /// Also where the block stands so that PEM readers do not see it, an indented one for example.
  [[nodiscard]] bool mentions_private_key() const;
};

/// `kind` is what belongs into it: "certificate", "private key".
[[nodiscard]] PemFile read_pem_file(source::FileBytes const& file, std::string_view kind);

/// A certificate and the block that it was decoded from.
struct PlacedCertificate {
  crypto::Certificate certificate;
  crypto::PemBlock block = {};
};

/// All certificates of a file that can be decoded; each one that cannot is a refusal.
[[nodiscard]] std::vector<PlacedCertificate> certificates_in(PemFile const& file,
                                                             Findings& findings);

}  // namespace certpivot::trust
