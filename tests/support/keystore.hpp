#pragma once

#include <optional>
#include <string>
#include <vector>

namespace certpivot::testing {

/// A PKCS#12 file as plain OpenSSL opens it.
struct Keystore {
  std::string alias = {};                 ///< friendly name of the leaf; empty for none
  std::string leaf = {};                  ///< DER
  std::string key = {};                   ///< DER, PKCS#8
  std::vector<std::string> issuers = {};  ///< DER, the other certificates in their order
};

/// Nothing where the passphrase is wrong, or the bytes are no keystore.
[[nodiscard]] std::optional<Keystore> open_keystore(std::string const& bytes,
                                                    std::string const& passphrase);

}  // namespace certpivot::testing
