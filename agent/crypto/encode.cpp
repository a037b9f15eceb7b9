#include "crypto/encode.hpp"

#include "crypto/failure.hpp"
#include "crypto/handle.hpp"

namespace certpivot::crypto {

std::string encode_certificate(Certificate const& certificate) {
  std::string der(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)), '\0');
  auto* end = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509(certificate.get(), &end);
  return der;
}

Result<Secret> encode_private_key(PrivateKey const& key) {
  Handle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> const info(EVP_PKEY2PKCS8(key.get()));
  int const size = info ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), nullptr) : -1;
  if (size <= 0) return fail_openssl("cannot encode the private key");
  Secret der(static_cast<std::size_t>(size));
  auto* end = reinterpret_cast<unsigned char*>(der.bytes().data());
  i2d_PKCS8_PRIV_KEY_INFO(info.get(), &end);
  return der;
}

}  // namespace certpivot::crypto
