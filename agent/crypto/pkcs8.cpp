#include "crypto/pkcs8.hpp"

#include <utility>

#include <openssl/pkcs12.h>

#include "crypto/key_info.hpp"

namespace certpivot::crypto {

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
  if (!info) return tl::unexpected(not_opened());
  return decode_key(info.get());
}

}  // namespace certpivot::crypto
