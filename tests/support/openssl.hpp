#pragma once

// For the .cpp files of this folder: OpenSSL's ways of failing as one, and texts in and out.
#include <stdexcept>
#include <string>

#include <openssl/err.h>

#include "crypto/handle.hpp"

namespace certpivot::testing {

[[noreturn]] inline void give_up(char const* step) {
  char const* const reason = ERR_reason_error_string(ERR_get_error());
  throw std::runtime_error(std::string(step) + ": " + (reason != nullptr ? reason : "failed"));
}

// OpenSSL's two ways of failing, null and "not positive".
template <class T>
T* made(T* object, char const* step) {
  if (object == nullptr) give_up(step);
  return object;
}
inline void done(long result, char const* step) {
  if (result <= 0) give_up(step);
}

inline crypto::BioHandle reader(std::string const& text) {
  return crypto::BioHandle(
      made(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), "BIO"));
}
inline crypto::BioHandle writer() { return crypto::BioHandle(made(BIO_new(BIO_s_mem()), "BIO")); }
inline std::string written(crypto::BioHandle const& bio) {
  char* data = nullptr;
  long const size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace certpivot::testing
