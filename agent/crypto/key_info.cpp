#include "crypto/key_info.hpp"

#include "crypto/failure.hpp"

namespace certpivot::crypto {

Result<Secret> der_of(PKCS8_PRIV_KEY_INFO const* info) {
  int const size = info != nullptr ? i2d_PKCS8_PRIV_KEY_INFO(info, nullptr) : -1;
  if (size <= 0) return fail_openssl("cannot write the private key as PKCS#8");
  Secret der(static_cast<std::size_t>(size));
  auto* out = reinterpret_cast<unsigned char*>(der.bytes().data());
  i2d_PKCS8_PRIV_KEY_INFO(info, &out);
  return der;
}

}  // namespace certpivot::crypto
