#pragma once

#include <optional>
#include <string>

#include "base/certificate_facts.hpp"

namespace certpivot::trust {

/// What is in force, as far as a verdict on its successor needs it.
struct Current {
  std::optional<CertificateFacts> leaf = {};  ///< nothing where nothing is in force
  bool revoked = false;
  /// tls.crt and ca.crt as published, where the snapshot's CA bundle is another one; else empty.
  std::string certificate_pem = {};
  std::string ca_pem = {};
  /// ca.crl as published; empty for none.
  std::string crl_pem = {};
};

}  // namespace certpivot::trust
