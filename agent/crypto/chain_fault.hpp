#pragma once

namespace certpivot::crypto {

/// What can be wrong with a chain.
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

/// Whether it comes of a CRL, or of one that is missing.
[[nodiscard]] bool is_about_revocation(ChainFault fault);

/// What an error of X509_verify_cert(3) means, as far as its number tells.
[[nodiscard]] ChainFault fault_of(int error);

}  // namespace certpivot::crypto
