#include "crypto/library.hpp"

#include <array>
#include <cstdint>

#include <openssl/crypto.h>

#include "crypto/failure.hpp"
#include "crypto/handle.hpp"
#include "crypto/hex.hpp"
#include "crypto/key_decoder.hpp"

namespace certpivot::crypto {
namespace {

// As PKCS#8 names them.
constexpr char const* rsa_key = "1.2.840.113549.1.1.1";
constexpr char const* ec_key = "1.2.840.10045.2.1";

std::array<unsigned char, 8> big_endian(std::uint64_t value) {
  std::array<unsigned char, 8> bytes{};
  for (auto at = bytes.rbegin(); at != bytes.rend(); ++at, value >>= 8) {
    *at = static_cast<unsigned char>(value & 0xff);
  }
  return bytes;
}

}  // namespace

// Two digests that could not be computed would be equal, which means that nothing has changed.
std::string digest(std::vector<std::string_view> const& pieces) {
  DigestHandle const context(EVP_MD_CTX_new());
  bool good = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  for (std::string_view const piece : pieces) {
    auto const size = big_endian(piece.size());
    good = good && EVP_DigestUpdate(context.get(), size.data(), size.size()) == 1 &&
           EVP_DigestUpdate(context.get(), piece.data(), piece.size()) == 1;
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  good = good && EVP_DigestFinal_ex(context.get(), hash.data(), &size) == 1;
  if (!good) throw_failure("cannot compute SHA-256");
  return lower_hex({hash.data(), size});
}

std::string library_version() { return OpenSSL_version(OPENSSL_VERSION); }

void warm_up() {
  OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS | OPENSSL_INIT_LOAD_CRYPTO_STRINGS, nullptr);
  static_cast<void>(digest({}));
  for (char const* const type : {rsa_key, ec_key}) {
    auto& decoders = KeyDecoders::shared();
    decoders.give_back(decoders.take({type, "PrivateKeyInfo"}));
  }
}

}  // namespace certpivot::crypto
