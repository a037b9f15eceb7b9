#include "crypto/encrypted_key.hpp"

#include <cstring>
#include <string>
#include <utility>

#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "crypto/der.hpp"
#include "crypto/derivation.hpp"
#include "crypto/failure.hpp"
#include "crypto/pem_content.hpp"
#include "crypto/pkcs8.hpp"

namespace certpivot::crypto {
namespace {

using EncryptedHandle = Handle<X509_SIG, X509_SIG_free>;

// Decrypted with a wrong passphrase, they are noise whose padding fits by chance now and then.
bool are_a_sequence(std::string_view bytes) {
  auto const all = first_element(bytes);
  return all && all->tag == V_ASN1_SEQUENCE && all->rest.empty();
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
  if (auto const fit = admit(passphrase); !fit) return tl::unexpected(fit.error());
  EVP_CIPHER_INFO cipher{};
  if (PEM_get_EVP_CIPHER_INFO(content.header.data(), &cipher) != 1) {
    return fail_to_decode(DecodeFault::malformed,
                          "its DEK-Info names no cipher that can be had: " + take_failure());
  }
  if (is_legacy(EVP_CIPHER_get_nid(cipher.cipher))) {
    return fail_to_decode(DecodeFault::malformed,
                          "its cipher " + std::string(EVP_CIPHER_get0_name(cipher.cipher)) +
                              " is one of OpenSSL's legacy provider",
                          "encrypt it again with AES");
  }
  auto* const bytes = reinterpret_cast<unsigned char*>(content.bytes.bytes().data());
  auto size = static_cast<long>(content.bytes.size());
  if (PEM_do_header(&cipher, bytes, &size, give_passphrase, &passphrase) != 1) {
    return tl::unexpected(not_opened());
  }
  content.bytes.truncate(static_cast<std::size_t>(size));
  auto key = read_private_key_der(content.bytes.view());
  if (key || are_a_sequence(content.bytes.view())) return key;
  return fail_to_decode(DecodeFault::wrong_passphrase, std::move(key.error().why));
}

}  // namespace

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
