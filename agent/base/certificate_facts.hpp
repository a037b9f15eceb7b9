#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"

namespace certpivot {

/// What people and programs are told about a leaf certificate: plain values, no key material, safe
/// to log, store and send.
struct CertificateFacts {
  std::string subject = {};      ///< RFC 2253 form: "CN=web,O=Example"
  std::string issuer = {};       ///< the same form
  std::string serial = {};       ///< upper-case hex without leading zeros, as openssl prints it
  std::string fingerprint = {};  ///< SHA-256 of the DER, lower-case hex
  /// The subjectAltName entries in their order: DNS names and IP addresses bare, URIs whole.
  std::vector<std::string> names = {};
  WallTime not_before = {};
  WallTime not_after = {};
  std::string key = {};  ///< "EC P-256", "RSA 2048", "ED25519"
  /// Of the key, as NIST SP 800-57 part 1 table 2 has it; 0 where it is not known.
  unsigned security_bits = 0;
  bool operator==(CertificateFacts const&) const = default;
};

}  // namespace certpivot
