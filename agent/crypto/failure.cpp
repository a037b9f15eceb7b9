#include "crypto/failure.hpp"

#include <stdexcept>
#include <utility>

#include <openssl/err.h>

namespace certpivot::crypto {

std::string take_failure() {
  unsigned long const first = ERR_get_error();
  ERR_clear_error();
  if (first == 0) return "OpenSSL gives no reason";
  if (ERR_SYSTEM_ERROR(first)) return system_text(ERR_GET_REASON(first));
  char const* const reason = ERR_reason_error_string(first);
  if (reason != nullptr) return reason;
  return "OpenSSL error " + std::to_string(first);
}

tl::unexpected<Error> fail_openssl(std::string what, std::string where, std::string remedy) {
  return fail(std::move(what), std::move(where), take_failure(), std::move(remedy));
}

void throw_failure(std::string const& what) {
  throw std::runtime_error(what + ": " + take_failure());
}

void forget_failures() { ERR_clear_error(); }

}  // namespace certpivot::crypto
