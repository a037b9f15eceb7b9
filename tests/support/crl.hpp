#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/pki.hpp"

namespace certpivot::testing {

struct CrlEntry {
  std::string serial = {};  ///< Pair::serial
  WallTime at = from_now({});
  std::optional<int> reason = {};  ///< CRLReason, RFC 5280 section 5.3.1
};

struct CrlOptions {
  std::vector<CrlEntry> entries = {};
  std::optional<WallTime> this_update = {};  ///< default: an hour ago
  std::optional<WallTime> next_update = {};  ///< default: in a day
  bool without_next_update = false;
  long number = 1;
  std::optional<long> delta_of = {};  ///< the number of the CRL that it completes
  /// issuingDistributionPoint as x509v3_config(5) has it, "onlyCA:TRUE"; empty: no extension.
  std::string scope = {};
  Authority const* signed_by = nullptr;  ///< another key than the issuer's
};

/// A certificate revocation list of `issuer`, PEM.
[[nodiscard]] std::string crl(Authority const& issuer, CrlOptions const& options = {});

/// A CRL in DER with a new signature, by the first private key in `key_pem`; empty where it is
/// none.
[[nodiscard]] std::string crl_signed_again(std::string_view der, std::string_view key_pem);

/// The serial number of the first certificate, as CrlEntry has it.
[[nodiscard]] std::string serial_of(std::string const& certificate_pem);

}  // namespace certpivot::testing
