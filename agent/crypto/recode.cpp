#include "crypto/recode.hpp"

#include <openssl/pem.h>

#include "crypto/der.hpp"
#include "crypto/encrypted_key.hpp"
#include "crypto/pem.hpp"
#include "crypto/pkcs12.hpp"

namespace certpivot::crypto {
namespace {

Decoded<Secret> or_malformed(Result<Secret> pem) {
  if (!pem) return fail_to_decode(DecodeFault::malformed, pem.error().text());
  return *std::move(pem);
}

Decoded<Secret> pem_of_key(Decoded<PrivateKey> key) {
  if (!key) return tl::unexpected(std::move(key.error()));
  return or_malformed(key->pem());
}

}  // namespace

Decoded<Secret> pem_of_der_file(std::string_view bytes,
                                std::optional<std::string_view> passphrase) {
  auto const form = der_form(bytes);
  if (!form) return tl::unexpected(form.error());
  switch (*form) {
    case DerForm::certificate:
      return or_malformed(pem_of(PEM_STRING_X509, bytes));
    case DerForm::private_key:
      return pem_of_key(read_private_key_der(bytes));
    case DerForm::encrypted_private_key:
      if (!passphrase) return fail_to_decode(DecodeFault::encrypted, "it is encrypted");
      return pem_of_key(decrypt_private_key_der(bytes, *passphrase));
    case DerForm::pkcs12:
      break;
  }
  return pem_of_pkcs12(bytes, passphrase);
}

Decoded<Secret> pem_of_der_certificate(std::string_view bytes) {
  auto const form = der_form(bytes);
  if (!form) return tl::unexpected(form.error());
  if (*form == DerForm::certificate) return or_malformed(pem_of(PEM_STRING_X509, bytes));
  return fail_to_decode(DecodeFault::malformed,
                        *form == DerForm::pkcs12 ? "it is a PKCS#12" : "it is a private key");
}

}  // namespace certpivot::crypto
