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
  enum class Family { ec, rsa, ed25519 };
  Family family = Family::ec;
  int bits = 256;
};
inline constexpr KeyKind p224{KeyKind::Family::ec, 224};
inline constexpr KeyKind p256{KeyKind::Family::ec, 256};
inline constexpr KeyKind p384{KeyKind::Family::ec, 384};
inline constexpr KeyKind ed25519{KeyKind::Family::ed25519, 256};
[[nodiscard]] constexpr KeyKind rsa(int bits) { return {KeyKind::Family::rsa, bits}; }

/// The extended key usage; `none` leaves the extension out.
enum class Purpose { server, client, both, none };

/// The real time plus `offset` in whole seconds, as certificates have them.
[[nodiscard]] WallTime from_now(Duration offset);

struct AuthorityOptions {
  std::string common_name = "Test CA";
  std::optional<WallTime> not_before = {};  ///< default: a day ago
  std::optional<WallTime> not_after = {};   ///< default: in ten years
  KeyKind key = p256;
  std::optional<int> path_length = {};
  std::string digest = "SHA256";  ///< of the signature on it; "SHA1" is weak
  bool key_identifiers = true;    ///< subject and authority key identifiers
};

struct LeafOptions {
  std::string common_name = "test leaf";
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
