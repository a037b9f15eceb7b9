#pragma once

// For private_key.cpp only.
#include <memory>
#include <mutex>
#include <vector>

#include "crypto/certificate.hpp"
#include "crypto/handle.hpp"

namespace certpivot::crypto {

/// An OSSL_DECODER_CTX for private keys in PEM, used again and again. Setting one up is what makes
/// PEM_read_bio_PrivateKey(3) slow: 650 µs a key, against 75 µs here. One block at a time: with a
/// certificate beside the key it fails. Fit for use after any bad input.
class KeyDecoder {
 public:
  KeyDecoder();
  KeyDecoder(KeyDecoder const&) = delete;
  KeyDecoder& operator=(KeyDecoder const&) = delete;
  KeyDecoder(KeyDecoder&&) = delete;
  KeyDecoder& operator=(KeyDecoder&&) = delete;
  ~KeyDecoder() = default;

  [[nodiscard]] tl::expected<PrivateKey, KeyFailure> decode(std::string_view block);

 private:
  EVP_PKEY* decoded_ = nullptr;
  bool asked_ = false;
  DecoderHandle context_;
};

/// The decoders of the process: one for each thread that decodes at the same moment, a few of them
/// kept. Not thread_local, because a worker thread that idles ends, and its decoder would end with
/// it.
class KeyDecoders {
 public:
  [[nodiscard]] static KeyDecoders& shared();
  [[nodiscard]] std::unique_ptr<KeyDecoder> take();
  void give_back(std::unique_ptr<KeyDecoder> decoder);

 private:
  static constexpr std::size_t kept = 4;
  std::mutex mutex_;
  std::vector<std::unique_ptr<KeyDecoder>> idle_;
};

}  // namespace certpivot::crypto
