#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/certificate_facts.hpp"
#include "base/result.hpp"

struct x509_st;

/// The only folder that includes OpenSSL's headers. Its types own OpenSSL objects; what others
/// learn from them are values.
namespace certpivot::crypto {

/// What a key is made for: RSA and RSA-PSS, EC, Ed25519 and Ed448, ML-DSA and SLH-DSA, or what no
/// TLS server can sign with.
enum class KeyKind { rsa, ec, edwards, post_quantum, other };

/// The bits of RFC 5280 section 4.2.1.3 that rules ask for.
struct KeyUsage {
  bool digital_signature = false;
  bool key_encipherment = false;
  bool key_cert_sign = false;
  bool crl_sign = false;
};

/// A parsed certificate. Cheap to copy: copies share the object, which nobody changes.
class Certificate {
 public:
  explicit Certificate(std::shared_ptr<x509_st> handle) : handle_(std::move(handle)) {}

  [[nodiscard]] CertificateFacts facts() const;
  /// Byte for byte as its issuer signed it.
  [[nodiscard]] std::string der() const;
  /// SHA-256 of the DER, lower-case hex.
  [[nodiscard]] std::string fingerprint() const;
  /// SHA-1 of the DER, lower-case hex: what some servers show. A name, never a proof.
  [[nodiscard]] std::string sha1() const;
  /// Its PEM block, with the line's end.
  [[nodiscard]] std::string pem() const;
  [[nodiscard]] std::string subject() const;
  [[nodiscard]] std::string issuer() const;
  /// The subject is the issuer (compared as RFC 5280 section 7.1 has it).
  [[nodiscard]] bool self_issued() const;
  /// basicConstraints CA:TRUE (RFC 5280, 4.2.1.9), whether its key usage lets it sign or not, or a
  /// version 1 self-signed certificate.
  [[nodiscard]] bool is_ca() const;
  [[nodiscard]] WallTime not_before() const;
  [[nodiscard]] WallTime not_after() const;
  [[nodiscard]] KeyKind key_kind() const;
  [[nodiscard]] unsigned key_bits() const;
  /// The public keys are equal.
  [[nodiscard]] bool has_key_of(Certificate const& other) const;
  /// The key in words, as in CertificateFacts: "EC P-256".
  [[nodiscard]] std::string key() const;
  /// The algorithm that the certificate was signed with: "ecdsa-with-SHA256".
  [[nodiscard]] std::string signature_algorithm() const;
  /// Nothing where the extension is absent.
  [[nodiscard]] std::optional<KeyUsage> key_usage() const;
  /// Whether `other`'s subject and key identifiers fit this certificate's issuer; no signature
  /// check.
  [[nodiscard]] bool may_be_issued_by(Certificate const& other) const;
  /// A DNS name is matched as RFC 9525 section 6.3 has it (a wildcard stands for one whole leftmost
  /// label, the subject's CN never counts); IP addresses and URIs are compared as such. A
  /// configured name that is itself a wildcard must stand in the SAN literally.
  [[nodiscard]] bool covers(std::string const& name) const;
  /// The URIs among the subjectAltName entries, byte for byte.
  [[nodiscard]] std::vector<std::string> uris() const;
  /// Its name constraints (RFC 5280, 4.2.1.10) allow all names of the other; true without any.
  [[nodiscard]] bool allows_names_of(Certificate const& other) const;
  /// The OIDs of its critical extensions that OpenSSL does not know (RFC 5280, 4.2).
  [[nodiscard]] std::vector<std::string> unknown_critical_extensions() const;
  /// The extended key usage (RFC 5280, 4.2.1.12) is absent or names TLS servers, TLS clients. One
  /// in a CA limits what is below it.
  [[nodiscard]] bool allows_server() const;
  [[nodiscard]] bool allows_client() const;
  /// May serve as TLS server, as TLS client (RFC 5280 key usage and extended key usage).
  [[nodiscard]] bool fit_for_server() const;
  [[nodiscard]] bool fit_for_client() const;
  [[nodiscard]] bool operator==(Certificate const& other) const;

  [[nodiscard]] x509_st* get() const { return handle_.get(); }

 private:
  std::shared_ptr<x509_st> handle_;
};

/// One certificate decoded from its PEM block, of at most 100 KiB. Errors carry OpenSSL's reason,
/// never the bytes.
[[nodiscard]] Result<Certificate> read_certificate(std::string_view block);

/// The same, and the same object again for a CA's block that was read lately: a CA stays while its
/// leaves rotate, and a thousand chains bring the same one. Thread-safe.
[[nodiscard]] Result<Certificate> read_shared_certificate(std::string_view block);

/// The certificates of a PEM text in their order, shared likewise; what cannot be decoded is passed
/// over.
[[nodiscard]] std::vector<Certificate> readable_certificates(std::string_view pem);

}  // namespace certpivot::crypto
