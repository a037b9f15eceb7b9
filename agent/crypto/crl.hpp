#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/certificate.hpp"
#include "crypto/revoked.hpp"

struct X509_crl_st;

namespace certpivot::crypto {

/// A certificate revocation list (RFC 5280 section 5). Cheap to copy: copies share the object.
class Crl {
 public:
  explicit Crl(std::shared_ptr<X509_crl_st> handle) : handle_(std::move(handle)) {}

  [[nodiscard]] std::string issuer() const;
  [[nodiscard]] WallTime this_update() const;
  [[nodiscard]] std::optional<WallTime> next_update() const;
  /// The CRL number in hex; empty where there is none.
  [[nodiscard]] std::string number() const;
  /// It only tells what has changed since another one (section 5.2.4).
  [[nodiscard]] bool is_delta() const;
  /// Why OpenSSL passes it over without its extended CRL support, which we do not use: it is
  /// indirect or for some reasons only (section 5.2.5). Empty where it does not.
  [[nodiscard]] std::string limitation() const;
  /// The issuingDistributionPoint (section 5.2.5), byte for byte: what it is about. Empty where it
  /// is about all certificates of its issuer.
  [[nodiscard]] std::string scope() const;
  /// Entries, those of other certificates' issuers included.
  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] bool issued_for(Certificate const& certificate) const;
  /// The authority has its issuer's name.
  [[nodiscard]] bool bears_name_of(Certificate const& authority) const;
  /// The signature is by the authority's key; its name does not matter.
  [[nodiscard]] bool signed_by(Certificate const& authority) const;
  /// Its entry about the certificate, unless that takes a revocation back (removeFromCRL).
  [[nodiscard]] std::optional<Revoked> entry_of(Certificate const& certificate) const;

  [[nodiscard]] X509_crl_st* get() const { return handle_.get(); }

 private:
  std::shared_ptr<X509_crl_st> handle_;
};

/// The CRLs of a file: PEM blocks, or one in DER. Errors: none in it, one that cannot be decoded or
/// whose times are none, and anything else beside them, because the file may be published. `why`
/// reads after the file's path.
[[nodiscard]] Result<std::vector<Crl>> read_crls(std::string_view bytes);

/// One PEM block after the other. Errors: OpenSSL cannot write one, for want of memory.
[[nodiscard]] Result<std::string> to_pem(std::vector<Crl> const& crls);

/// A configured file of CRLs, shared by all certificates that name it.
struct CrlFile {
  std::string path = {};
  std::shared_ptr<std::vector<Crl> const> crls = {};  ///< null where it could not be used
  std::string failure = {};  ///< then: a sentence with the path, the cause and the remedy
  /// The source's own, which is published.
  bool of_source = false;
};

}  // namespace certpivot::crypto
