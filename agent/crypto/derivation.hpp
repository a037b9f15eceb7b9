#pragma once

// For the .cpp files of this folder.
#include <cstdint>
#include <string_view>

#include "crypto/decode_failure.hpp"
#include "crypto/handle.hpp"

namespace certpivot::crypto {

/// What deriving keys from a passphrase may cost for one file, in rounds of one hash or so: 0.1 to
/// 0.5 µs each. A file says itself how many it wants, and could ask for years.
class DerivationBudget {
 public:
  [[nodiscard]] Decoded<void> spend(std::uint64_t rounds);
  /// As many as an object says: null is the default, one (RFC 7292 section 4); what is negative or
  /// huge is too much.
  [[nodiscard]] Decoded<void> spend(ASN1_INTEGER const* rounds);

 private:
  std::uint64_t left_ = most;
  // 150,000 iterations of PBKDF2, 300,000 of PKCS#12's own derivation (Java wrote 200,000 for
  // years), or scrypt with twice the cost that OpenSSL writes.
  static constexpr std::uint64_t most = 300'000;
};

/// Admits what an encrypted object says about its encryption (PBES2 and PBES1 of RFC 8018,
/// appendix C of RFC 7292): the costs are taken off the budget. The library context in which to
/// decrypt: null for the usual one, another one where only OpenSSL's legacy provider knows the
/// cipher. Errors: too costly, unknown, or no legacy provider.
[[nodiscard]] Decoded<OSSL_LIB_CTX*> admit(X509_ALGOR const* algorithm, DerivationBudget& budget);

/// Whether OpenSSL has the cipher of this number in its legacy provider only, or not at all.
[[nodiscard]] bool is_legacy(int cipher);

/// Why what was admitted could not be decrypted: the wrong passphrase, unless this OpenSSL lacks
/// what else the object asks for. Takes the reason out of OpenSSL's queue.
[[nodiscard]] DecodeFailure not_opened();

/// Refuses a passphrase of more than 1,024 bytes, OpenSSL's own limit (PEM_BUFSIZE): each
/// derivation goes through all of it.
[[nodiscard]] Decoded<void> admit(std::string_view passphrase);

}  // namespace certpivot::crypto
