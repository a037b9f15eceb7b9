#include "support/keystore.hpp"

#include <openssl/err.h>

#include "crypto/key_info.hpp"
#include "crypto/pkcs12_handles.hpp"

namespace certpivot::testing {

namespace {

using namespace certpivot::crypto;

/// What one of OpenSSL's i2d functions writes of an object.
template <auto encode, class T>
std::string der(T* object) {
  std::string bytes(static_cast<std::size_t>(encode(object, nullptr)), '\0');
  auto* end = reinterpret_cast<unsigned char*>(bytes.data());
  encode(object, &end);
  return bytes;
}

}  // namespace

std::optional<Keystore> open_keystore(std::string const& bytes, std::string const& passphrase) {
  auto const* begin = reinterpret_cast<unsigned char const*>(bytes.data());
  StoreFileHandle const store(d2i_PKCS12(nullptr, &begin, static_cast<long>(bytes.size())));
  EVP_PKEY* key = nullptr;
  X509* leaf = nullptr;
  STACK_OF(X509)* issuers = nullptr;
  bool const opened =
      store && PKCS12_parse(store.get(), passphrase.c_str(), &key, &leaf, &issuers) == 1;
  KeyHandle const own_key(key);
  CertificateHandle const own_leaf(leaf);
  CertificatesHandle const own_issuers(issuers);
  ERR_clear_error();
  if (!opened || key == nullptr || leaf == nullptr) return std::nullopt;
  Keystore keystore;
  int size = 0;
  if (unsigned char const* const alias = X509_alias_get0(leaf, &size); alias != nullptr)
    keystore.alias.assign(reinterpret_cast<char const*>(alias), static_cast<std::size_t>(size));
  keystore.leaf = der<i2d_X509>(leaf);
  KeyInfoHandle const info(EVP_PKEY2PKCS8(key));
  keystore.key = der<i2d_PKCS8_PRIV_KEY_INFO>(info.get());
  for (int at = 0; at < sk_X509_num(issuers); ++at)
    keystore.issuers.push_back(der<i2d_X509>(sk_X509_value(issuers, at)));
  return keystore;
}

}  // namespace certpivot::testing
