#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/certificate.hpp"
#include "crypto/crl.hpp"

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

/// What is wrong with a chain, each with the certificate it is about.
enum class ChainFault {
  untrusted,      ///< the chain ends in a certificate that is no anchor, or a signature is wrong
  incomplete,     ///< an issuer's certificate is missing
  expired,        ///< of a certificate above the leaf
  not_yet_valid,  ///< of a certificate above the leaf
  weak_key,       ///< OpenSSL's security level 2, which Debian's servers insist on
  weak_signature,
  not_an_authority,    ///< a certificate above the leaf has no basicConstraints CA:TRUE
  may_not_sign,        ///< an issuer's key usage lacks keyCertSign
  too_long,            ///< more certificates than a peer would follow
  path_length,         ///< more certificates below an authority than its path length allows
  name_constraints,    ///< a name that an authority above excludes, or does not permit
  critical_extension,  ///< one that OpenSSL does not know
  explicit_curve,      ///< an EC key that spells its curve out
  too_many_names,  ///< OpenSSL gives up, as on more than 2^20 comparisons of names to constraints
  strict,          ///< found by X509_V_FLAG_X509_STRICT only; strict says which
  revoked,         ///< an entry of `crl` says so
  crl_missing,     ///< no CRL of its issuer
  crl_expired,     ///< from the second of nextUpdate on
  crl_not_yet_valid,  ///< before the second of thisUpdate
  crl_unusable,       ///< not signed by the issuer, of another scope, …; why says which
  other,              ///< any other reason of X509_verify_cert(3); why says which
};
[[nodiscard]] bool is_about_revocation(ChainFault fault);

struct ChainProblem {
  ChainFault fault = ChainFault::other;
  int depth = 0;             ///< of the certificate at fault: 0 is the leaf, 1 its issuer …
  std::string subject = {};  ///< of the certificate at fault
  std::string issuer = {};   ///< of the same: with `incomplete`, whose certificate is missing
  std::string why = {};      ///< OpenSSL's words
  /// The word of settings::strict_checks, where the fault is `strict`.
  std::string strict = {};
  bool of_anchor = false;       ///< the certificate at fault is what the path ends in
  std::optional<Crl> crl = {};  ///< that the problem comes from
};

struct ChainAnswer {
  std::vector<ChainProblem> problems = {};  ///< all of them; empty: the chain holds
  std::vector<Certificate> path = {};  ///< leaf first, as far as it could be built, anchor included
  bool anchored = false;               ///< the path ends in an anchor

  /// The certificates of the path between leaf and anchor.
  [[nodiscard]] std::span<Certificate const> intermediates() const;
};

struct ChainQuestion {
  Certificate const& leaf;
  std::vector<Certificate> const& intermediates;
  Anchors const& anchors;
  WallTime now = {};
  /// Where given, every certificate below the one that the path ends in is checked against them
  /// (RFC 5280 section 6.3). Deltas, indirect CRLs and those for some reasons only are not for it.
  std::vector<Crl> const* crls = nullptr;
};

/// Verifies the leaf with the help of the intermediates at the time `now` (RFC 5280 section 6, by
/// X509_verify_cert(3) at security level 2 and with X509_V_FLAG_X509_STRICT), collecting every
/// problem rather than stopping at the first. Where several paths lead up, the one with the fewest
/// problems is the answer: see crypto/path_search.hpp. The leaf's own validity period is left out:
/// see trust/rule/lifetime.cpp.
[[nodiscard]] ChainAnswer verify_chain(ChainQuestion const& question);

}  // namespace certpivot::crypto
