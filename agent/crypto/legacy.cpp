#include "crypto/legacy.hpp"

#include <mutex>

#include <openssl/crypto.h>
#include <openssl/provider.h>

#include "crypto/failure.hpp"

namespace certpivot::crypto {
namespace {

// Never freed: a thread that hangs may outlive main.
OSSL_LIB_CTX* load() {
  OSSL_LIB_CTX* const library = OSSL_LIB_CTX_new();
  OSSL_PROVIDER* const standard =
      library != nullptr ? OSSL_PROVIDER_load(library, "default") : nullptr;
  if (standard != nullptr && OSSL_PROVIDER_load(library, "legacy") != nullptr) return library;
  forget_failures();
  if (standard != nullptr) OSSL_PROVIDER_unload(standard);
  OSSL_LIB_CTX_free(library);
  return nullptr;
}

}  // namespace

OSSL_LIB_CTX* legacy_library() {
  static std::mutex mutex;
  static OSSL_LIB_CTX* library = nullptr;
  std::lock_guard const lock(mutex);
  if (library == nullptr) library = load();
  return library;
}

}  // namespace certpivot::crypto
