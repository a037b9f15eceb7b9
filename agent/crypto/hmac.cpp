#include "crypto/hmac.hpp"

#include <array>

#include <openssl/hmac.h>

#include "crypto/failure.hpp"
#include "crypto/hex.hpp"

namespace certpivot::crypto {

std::string hmac_sha256(std::string_view key, std::string_view message) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> code{};
  unsigned size = 0;
  auto const* const bytes = reinterpret_cast<unsigned char const*>(message.data());
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, message.size(),
           code.data(), &size) == nullptr)
    throw_failure("cannot compute HMAC-SHA-256");
  return lower_hex({code.data(), size});
}

}  // namespace certpivot::crypto
