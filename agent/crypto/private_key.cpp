#include <utility>

#include "crypto/certificate.hpp"
#include "crypto/failure.hpp"
#include "crypto/handle.hpp"
#include "crypto/key_decoder.hpp"

namespace certpivot::crypto {
namespace {

// Wherever OpenSSL would like a passphrase: none is given, nobody is asked, and it is noted.
int note_and_refuse(char*, std::size_t, std::size_t*, OSSL_PARAM const*, void* asked) {
  *static_cast<bool*>(asked) = true;
  return 0;
}

}  // namespace

KeyDecoder::KeyDecoder()
    : context_(OSSL_DECODER_CTX_new_for_pkey(&decoded_, "PEM", nullptr, nullptr, EVP_PKEY_KEYPAIR,
                                             nullptr, nullptr)) {
  if (context_) OSSL_DECODER_CTX_set_passphrase_cb(context_.get(), note_and_refuse, &asked_);
}

tl::expected<PrivateKey, KeyFailure> KeyDecoder::decode(std::string_view block) {
  asked_ = false;
  decoded_ = nullptr;
  auto const* data = reinterpret_cast<unsigned char const*>(block.data());
  std::size_t left = block.size();
  bool const done = context_ && OSSL_DECODER_from_data(context_.get(), &data, &left) == 1;
  KeyHandle key(std::exchange(decoded_, nullptr));
  if (done && key) return PrivateKey(std::shared_ptr<EVP_PKEY>(std::move(key)));
  std::string why = take_failure();
  if (asked_) return tl::unexpected(KeyFailure{KeyFault::encrypted, "it is encrypted"});
  return tl::unexpected(KeyFailure{KeyFault::malformed, std::move(why)});
}

// Never destroyed: OpenSSL cleans up at exit on its own, and a thread that hangs may outlive main.
KeyDecoders& KeyDecoders::shared() {
  static KeyDecoders& decoders = *new KeyDecoders;
  return decoders;
}

std::unique_ptr<KeyDecoder> KeyDecoders::take() {
  {
    std::lock_guard const lock(mutex_);
    if (!idle_.empty()) {
      auto decoder = std::move(idle_.back());
      idle_.pop_back();
      return decoder;
    }
  }
  return std::make_unique<KeyDecoder>();
}

void KeyDecoders::give_back(std::unique_ptr<KeyDecoder> decoder) {
  std::lock_guard const lock(mutex_);
  if (idle_.size() < kept) idle_.push_back(std::move(decoder));
}

tl::expected<PrivateKey, KeyFailure> read_private_key(std::string_view block) {
  auto decoder = KeyDecoders::shared().take();
  auto key = decoder->decode(block);
  KeyDecoders::shared().give_back(std::move(decoder));
  return key;
}

bool PrivateKey::matches(Certificate const& certificate) const {
  bool const same = X509_check_private_key(certificate.get(), handle_.get()) == 1;
  forget_failures();
  return same;
}

}  // namespace certpivot::crypto
