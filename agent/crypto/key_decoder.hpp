#pragma once

// For the .cpp files of this folder.
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "crypto/handle.hpp"
#include "crypto/private_key.hpp"

namespace certpivot::crypto {

/// What a private key's DER is made of.
struct KeyShape {
  std::string type = {};            ///< "RSA", "EC", or PKCS#8's algorithm as dotted numbers
  char const* structure = nullptr;  ///< "PrivateKeyInfo" (PKCS#8) or "type-specific"
  bool operator==(KeyShape const& other) const {
    return type == other.type && std::string_view(structure) == other.structure;
  }
};

/// An OSSL_DECODER_CTX for one shape of private keys, used again and again. Setting one up is what
/// makes d2i_AutoPrivateKey(3) and PEM_read_bio_PrivateKey(3) slow: 650 µs a key, against 10 to 40
/// here. Fit for use after any bad input.
class KeyDecoder {
 public:
  explicit KeyDecoder(KeyShape shape);
  KeyDecoder(KeyDecoder const&) = delete;
  KeyDecoder& operator=(KeyDecoder const&) = delete;
  KeyDecoder(KeyDecoder&&) = delete;
  KeyDecoder& operator=(KeyDecoder&&) = delete;
  ~KeyDecoder() = default;

  [[nodiscard]] Decoded<PrivateKey> decode(std::string_view der);
  [[nodiscard]] KeyShape const& shape() const { return shape_; }
  /// Whether OpenSSL knows this shape.
  [[nodiscard]] bool able() const;

 private:
  KeyShape shape_;
  EVP_PKEY* decoded_ = nullptr;
  DecoderHandle context_;
};

/// The decoders of the process: one for each thread that decodes at the same moment, a few of them
/// kept. Not thread_local, because a worker thread that idles ends, and its decoder would end with
/// it.
class KeyDecoders {
 public:
  [[nodiscard]] static KeyDecoders& shared();
  [[nodiscard]] std::unique_ptr<KeyDecoder> take(KeyShape const& shape);
  void give_back(std::unique_ptr<KeyDecoder> decoder);

 private:
  static constexpr std::size_t kept = 6;
  std::mutex mutex_;
  std::vector<std::unique_ptr<KeyDecoder>> idle_;
};

}  // namespace certpivot::crypto
