#include <array>
#include <cstdint>

#include <openssl/crypto.h>

#include "crypto/certificate.hpp"
#include "crypto/failure.hpp"
#include "crypto/handle.hpp"
#include "crypto/hex.hpp"

namespace certpivot::crypto {
namespace {

std::array<unsigned char, 8> big_endian(std::uint64_t value) {
  std::array<unsigned char, 8> bytes{};
  for (auto at = bytes.rbegin(); at != bytes.rend(); ++at, value >>= 8) {
    *at = static_cast<unsigned char>(value & 0xff);
  }
  return bytes;
}

}  // namespace

std::string digest(std::vector<std::string_view> const& pieces) {
  DigestHandle const context(EVP_MD_CTX_new());
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  for (std::string_view const piece : pieces) {
    auto const size = big_endian(piece.size());
    EVP_DigestUpdate(context.get(), size.data(), size.size());
    EVP_DigestUpdate(context.get(), piece.data(), piece.size());
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  EVP_DigestFinal_ex(context.get(), hash.data(), &size);
  return lower_hex({hash.data(), size});
}

std::string library_version() { return OpenSSL_version(OPENSSL_VERSION); }

void warm_up() {
  OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS | OPENSSL_INIT_LOAD_CRYPTO_STRINGS, nullptr);
  static_cast<void>(digest({}));
  // An empty block is refused, but the decoder that refused it is kept for the first real key.
  static_cast<void>(read_private_key(""));
}

}  // namespace certpivot::crypto
