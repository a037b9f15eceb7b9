#include "crypto/key_decoder.hpp"

#include <algorithm>
#include <utility>

#include "crypto/failure.hpp"

namespace certpivot::crypto {

KeyDecoder::KeyDecoder(KeyShape shape)
    : shape_(std::move(shape)),
      context_(OSSL_DECODER_CTX_new_for_pkey(&decoded_, "DER", shape_.structure,
                                             shape_.type.c_str(), EVP_PKEY_KEYPAIR, nullptr,
                                             nullptr)) {
  forget_failures();
}

bool KeyDecoder::able() const {
  return context_ && OSSL_DECODER_CTX_get_num_decoders(context_.get()) > 0;
}

Decoded<PrivateKey> KeyDecoder::decode(std::string_view der) {
  if (!able()) {
    return fail_to_decode(DecodeFault::malformed,
                          "its algorithm " + shape_.type + " is unknown to this OpenSSL",
                          "use RSA, EC or Ed25519, or a newer OpenSSL");
  }
  decoded_ = nullptr;
  auto const* data = reinterpret_cast<unsigned char const*>(der.data());
  std::size_t left = der.size();
  bool const done = OSSL_DECODER_from_data(context_.get(), &data, &left) == 1;
  KeyHandle key(std::exchange(decoded_, nullptr));
  if (done && key) return PrivateKey(std::shared_ptr<EVP_PKEY>(std::move(key)));
  return fail_to_decode(DecodeFault::malformed, take_failure());
}

// Never destroyed: OpenSSL cleans up at exit on its own, and a thread that hangs may outlive main.
KeyDecoders& KeyDecoders::shared() {
  static KeyDecoders& decoders = *new KeyDecoders;
  return decoders;
}

std::unique_ptr<KeyDecoder> KeyDecoders::take(KeyShape const& shape) {
  {
    std::lock_guard const lock(mutex_);
    auto const found = std::find_if(idle_.begin(), idle_.end(),
                                    [&](auto const& one) { return one->shape() == shape; });
    if (found != idle_.end()) {
      auto decoder = std::move(*found);
      idle_.erase(found);
      return decoder;
    }
  }
  return std::make_unique<KeyDecoder>(shape);
}

// The one that has idled longest makes room.
void KeyDecoders::give_back(std::unique_ptr<KeyDecoder> decoder) {
  if (!decoder->able()) return;
  std::lock_guard const lock(mutex_);
  if (idle_.size() == kept) idle_.erase(idle_.begin());
  idle_.push_back(std::move(decoder));
}

}  // namespace certpivot::crypto
