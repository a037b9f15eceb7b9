#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/certificate.hpp"
#include "crypto/library.hpp"

struct x509_store_st;

namespace certpivot::crypto {

/// The certificates that end a chain: one store a bundle, built once, shared by every certificate
/// that trusts it (10,000 certificates, one CA: one store). Each certificate in it is an anchor,
/// self-signed or not: X509_V_FLAG_PARTIAL_CHAIN.
class Anchors {
 public:
  /// More certificates than any bundle has; each takes 0.2 ms.
  static constexpr std::size_t most = 500;

  /// From a bundle in PEM, or one certificate in DER. Errors: no certificate in it, more than
  /// `most`, one that cannot be decoded, or one in OpenSSL's own form, which would be passed over.
  [[nodiscard]] static Result<std::shared_ptr<Anchors const>> from_bundle(std::string_view bundle);

  /// `origin` is the bundle's digest.
  Anchors(std::shared_ptr<x509_store_st> store, std::vector<Certificate> certificates,
          std::string origin)
      : store_(std::move(store)),
        certificates_(std::move(certificates)),
        origin_(std::move(origin)) {}

  [[nodiscard]] std::vector<Certificate> const& certificates() const { return certificates_; }
  [[nodiscard]] bool contain(Certificate const& certificate) const;
  /// Whether these are the certificates of this bundle, byte for byte.
  [[nodiscard]] bool are_from(std::string_view bundle) const { return digest({bundle}) == origin_; }
  [[nodiscard]] x509_store_st* store() const { return store_.get(); }

 private:
  std::shared_ptr<x509_store_st> store_;
  std::vector<Certificate> certificates_;
  std::string origin_;
};

}  // namespace certpivot::crypto
