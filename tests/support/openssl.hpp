#pragma once

// For the .cpp files of this folder: OpenSSL with exceptions.
#include <ctime>
#include <string>

#include "base/clock.hpp"
#include "crypto/handle.hpp"

namespace certpivot::testing {

[[noreturn]] void give_up(char const* step);

// OpenSSL's two ways of failing, null and "not positive", as one.
template <class T>
T* made(T* object, char const* step) {
  if (object == nullptr) give_up(step);
  return object;
}
inline void done(long result, char const* step) {
  if (result <= 0) give_up(step);
}

[[nodiscard]] crypto::BioHandle reader(std::string const& text);
[[nodiscard]] crypto::BioHandle writer();
[[nodiscard]] std::string written(crypto::BioHandle const& bio);
[[nodiscard]] crypto::KeyHandle parsed_key(std::string const& pem);
[[nodiscard]] crypto::CertificateHandle parsed_certificate(std::string const& pem);
[[nodiscard]] std::string serial_of(X509* certificate);
[[nodiscard]] std::time_t seconds(WallTime time);

}  // namespace certpivot::testing
