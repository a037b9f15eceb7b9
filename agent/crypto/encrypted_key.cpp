#include "crypto/encrypted_key.hpp"

#include <cstring>
#include <string>
#include <utility>

#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "crypto/failure.hpp"
#include "crypto/key_info.hpp"
#include "crypto/pem_content.hpp"

namespace certpivot::crypto {
namespace {

using EncryptedHandle = Handle<X509_SIG, X509_SIG_free>;

tl::unexpected<DecodeFailure> wrong_passphrase() {
  return fail_to_decode(DecodeFault::wrong_passphrase, take_failure());
}

// Called by OpenSSL with room for a passphrase; how many bytes it got, -1 for none.
int give_passphrase(char* room, int size, int /*writing*/, void* passphrase) noexcept {
  auto const& text = *static_cast<std::string_view const*>(passphrase);
  if (text.size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(room, text.data(), text.size());
  return static_cast<int>(text.size());
}

// RFC 1421's way: one round of MD5 makes the key, so that there is nothing to be paid.
Decoded<PrivateKey> decrypt_by_header(PemContent content, std::string_view passphrase) {
  EVP_CIPHER_INFO cipher{};
  if (PEM_get_EVP_CIPHER_INFO(content.header.data(), &cipher) != 1) {
    return fail_to_decode(DecodeFault::malformed,
                          "its DEK-Info names no cipher that can be had: " + take_failure());
  }
  auto* const bytes = reinterpret_cast<unsigned char*>(content.bytes.bytes().data());
  auto size = static_cast<long>(content.bytes.size());
  if (PEM_do_header(&cipher, bytes, &size, give_passphrase, &passphrase) != 1) {
    return wrong_passphrase();
  }
  content.bytes.truncate(static_cast<std::size_t>(size));
  auto key = read_private_key_der(content.bytes.view());
  // The padding fits by chance now and then.
  if (!key && key.error().fault == DecodeFault::malformed) return wrong_passphrase();
  return key;
}

}  // namespace

Decoded<PrivateKey> decode_key(PKCS8_PRIV_KEY_INFO const* info) {
  auto const der = der_of(info);
  if (!der) return fail_to_decode(DecodeFault::malformed, der.error().why);
  return read_private_key_der(der->view());
}

Decoded<PrivateKey> decrypt_key(X509_SIG const* encrypted, std::string_view passphrase,
                                DerivationBudget& budget) {
  if (auto const fit = admit(passphrase); !fit) return tl::unexpected(fit.error());
  X509_ALGOR const* algorithm = nullptr;
  X509_SIG_get0(encrypted, &algorithm, nullptr);
  auto const library = admit(algorithm, budget);
  if (!library) return tl::unexpected(library.error());
  KeyInfoHandle const info(PKCS8_decrypt_ex(
      encrypted, passphrase.data(), static_cast<int>(passphrase.size()), *library, nullptr));
  if (!info) return wrong_passphrase();
  return decode_key(info.get());
}

Decoded<PrivateKey> decrypt_private_key(std::string_view block, std::string_view passphrase) {
  auto content = decode_pem(block);
  if (!content) return fail_to_decode(DecodeFault::malformed, content.error().why);
  if (!content->header.empty()) return decrypt_by_header(*std::move(content), passphrase);
  return decrypt_private_key_der(content->bytes.view(), passphrase);
}

Decoded<PrivateKey> decrypt_private_key_der(std::string_view der, std::string_view passphrase) {
  auto const* data = reinterpret_cast<unsigned char const*>(der.data());
  EncryptedHandle const encrypted(d2i_X509_SIG(nullptr, &data, static_cast<long>(der.size())));
  if (!encrypted) return fail_to_decode(DecodeFault::malformed, take_failure());
  DerivationBudget budget;
  return decrypt_key(encrypted.get(), passphrase, budget);
}

}  // namespace certpivot::crypto
