#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/decode_failure.hpp"

struct evp_pkey_st;

namespace certpivot::crypto {

class Certificate;

/// A private key. OpenSSL wipes its own memory when the last owner goes.
class PrivateKey {
 public:
  explicit PrivateKey(std::shared_ptr<evp_pkey_st> handle) : handle_(std::move(handle)) {}
  [[nodiscard]] bool matches(Certificate const& certificate) const;
  /// As unencrypted PKCS#8 (RFC 5958) in DER and in PEM; the same bytes for the same key.
  [[nodiscard]] Result<Secret> der() const;
  [[nodiscard]] Result<Secret> pem() const;
  [[nodiscard]] evp_pkey_st* get() const { return handle_.get(); }

 private:
  std::shared_ptr<evp_pkey_st> handle_;
};

// Both refuse a key whose private part does not belong to its public part, one of a kind that no
// TLS server takes, and one larger than any (16 KiB; RSA of 16,384 bits takes 9). None prompts.

/// One private key block decoded: PKCS#8, PKCS#1, SEC1.
[[nodiscard]] Decoded<PrivateKey> read_private_key(std::string_view block);
/// One key in DER, of the same forms.
[[nodiscard]] Decoded<PrivateKey> read_private_key_der(std::string_view der);

}  // namespace certpivot::crypto
