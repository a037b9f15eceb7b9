#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

struct x509_st;
struct evp_pkey_st;

/// Certificates made in the test: no fixture that expires, no file that has to be there.
/// A P-256 pair costs well below a millisecond, an RSA key up to a second: use RSA only where RSA
/// is the matter. A failure inside throws std::runtime_error, which fails the test.
///
///     Authority const root;
///     Authority const intermediate = root.intermediate();
///     Pair const pair = intermediate.issue({.names = {"web.internal", "10.0.0.7"}});
///     // trust root.pem(), serve pair.certificate_pem with pair.key_pem
namespace certpivot::testing {

struct KeyKind {
  enum class Family { ec, rsa, rsa_pss, dsa, ed25519, other };
  Family family = Family::ec;
  int bits = 256;
  char const* name = "";  ///< of the curve or, with `other`, of the algorithm, as OpenSSL has it
};
inline constexpr KeyKind p224{KeyKind::Family::ec, 224};
inline constexpr KeyKind p256{KeyKind::Family::ec, 256};
inline constexpr KeyKind p384{KeyKind::Family::ec, 384};
inline constexpr KeyKind p521{KeyKind::Family::ec, 521};
inline constexpr KeyKind ed25519{KeyKind::Family::ed25519, 256};
inline constexpr KeyKind secp256k1{KeyKind::Family::ec, 256, "secp256k1"};
inline constexpr KeyKind brainpool{KeyKind::Family::ec, 256, "brainpoolP256r1"};
inline constexpr KeyKind ed448{KeyKind::Family::other, 456, "ED448"};
inline constexpr KeyKind ml_dsa_65{KeyKind::Family::other, 0, "ML-DSA-65"};
[[nodiscard]] constexpr KeyKind rsa(int bits) { return {KeyKind::Family::rsa, bits}; }
[[nodiscard]] constexpr KeyKind rsa_pss(int bits) { return {KeyKind::Family::rsa_pss, bits}; }
/// Made in about a second, whatever the size.
[[nodiscard]] constexpr KeyKind dsa(int bits) { return {KeyKind::Family::dsa, bits}; }
/// Whether the OpenSSL that the tests run with knows an algorithm: "ML-DSA-65".
[[nodiscard]] bool knows_algorithm(char const* name);

/// The extended key usage; `none` leaves the extension out.
enum class Purpose { server, client, both, ocsp, none };

/// The real time plus `offset` in whole seconds, as certificates have them.
[[nodiscard]] WallTime from_now(Duration offset);

/// As in an openssl.cnf: {"nameConstraints", "critical,permitted;DNS:example.org"}, and with an OID
/// of any kind: {"1.2.3.4", "critical,DER:0500"}.
struct Extension {
  std::string name = {};
  std::string value = {};
};

struct AuthorityOptions {
  std::string common_name = "Test CA";      ///< empty: an empty subject
  std::optional<WallTime> not_before = {};  ///< default: a day ago
  std::optional<WallTime> not_after = {};   ///< default: in ten years
  KeyKind key = p256;
  std::optional<int> path_length = {};
  std::string digest = "SHA256";  ///< of the signature on it; "SHA1" is weak
  bool key_identifiers = true;    ///< subject and authority key identifiers
  /// Values as in Extension; empty leaves the extension out. The path length is appended.
  std::string basic_constraints = "critical,CA:TRUE";
  std::string key_usage = "critical,keyCertSign,cRLSign";
  std::vector<Extension> extensions = {};  ///< further ones
  int version = 3;  ///< the first has no extensions; they are wrong in the second, but there
  std::string ocsp_url = {};  ///< authorityInfoAccess; empty: no extension
};

struct LeafOptions {
  std::string common_name = "test leaf";  ///< empty: an empty subject
  /// subjectAltName entries; what parses as an address is an IP, what holds "://" a URI, what holds
  /// "@" a mail address, all else a DNS name. Empty: no extension.
  std::vector<std::string> names = {"web.internal"};
  std::optional<WallTime> not_before = {};  ///< default: an hour ago
  std::optional<WallTime> not_after = {};   ///< default: in 90 days
  Purpose purpose = Purpose::both;
  KeyKind key = p256;
  std::string key_pem = {};   ///< a key to use instead of a new one
  std::string serial = {};    ///< hex; default: random
  bool include_chain = true;  ///< intermediates in certificate_pem
  std::string digest = "SHA256";
  bool key_identifiers = true;
  std::string basic_constraints = "critical,CA:FALSE";  ///< as for an authority
  std::string key_usage = {};
  std::vector<Extension> extensions = {};
  int version = 3;
  std::string ocsp_url = {};  ///< authorityInfoAccess; empty: no extension
};

struct Pair {
  std::string certificate_pem = {};  ///< the leaf, then the intermediates, no root
  std::string leaf_pem = {};
  std::string key_pem = {};      ///< PKCS#8, not encrypted
  std::string fingerprint = {};  ///< SHA-256 of the leaf's DER, lower-case hex
  std::string serial = {};       ///< upper-case hex without leading zeros
  WallTime not_before = {};
  WallTime not_after = {};
};

/// One that signs: a root, or an intermediate below another. Copies share the key.
class Authority {
 public:
  /// A root, signed by itself.
  explicit Authority(AuthorityOptions const& options = {});
  [[nodiscard]] Authority intermediate(AuthorityOptions const& options = {
                                           .common_name = "Test Intermediate"}) const;
  /// A certificate for the key and name of `other`, issued by this authority. What `other` issues
  /// is issued by the result as well.
  [[nodiscard]] Authority cross_sign(Authority const& other, AuthorityOptions options = {}) const;
  [[nodiscard]] Pair issue(LeafOptions const& options = {}) const;

  /// This authority's own certificate.
  [[nodiscard]] std::string const& pem() const { return pem_; }
  [[nodiscard]] std::string key_pem() const;
  /// What a server sends besides its leaf: this one and those above it, without the root.
  [[nodiscard]] std::string const& chain_pem() const { return chain_pem_; }

 private:
  Authority(AuthorityOptions const& options, Authority const* parent,
            std::shared_ptr<evp_pkey_st> key);

  std::string common_name_;
  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<x509_st> certificate_;
  std::string pem_;
  std::string chain_pem_;
};

/// A leaf that signed itself.
[[nodiscard]] Pair self_signed(LeafOptions const& options = {});

/// The same key as "ENCRYPTED PRIVATE KEY" (PKCS#8).
[[nodiscard]] std::string encrypted_key(std::string const& key_pem, std::string const& passphrase);
/// The same key as "RSA PRIVATE KEY" or "EC PRIVATE KEY".
[[nodiscard]] std::string traditional_key(std::string const& key_pem);
/// The same, encrypted in the old way (Proc-Type: 4,ENCRYPTED).
[[nodiscard]] std::string encrypted_traditional_key(std::string const& key_pem,
                                                    std::string const& passphrase);
/// The bytes inside the first PEM block.
[[nodiscard]] std::string der_of(std::string const& pem);

}  // namespace certpivot::testing
