#include "crypto/system_bundle.hpp"

#include <array>
#include <cstdlib>
#include <unistd.h>

namespace certpivot::crypto {

std::string system_bundle() {
  if (char const* const chosen = std::getenv("SSL_CERT_FILE"); chosen != nullptr && *chosen != '\0')
    return chosen;
  // Debian, Ubuntu and Alpine; Fedora and RHEL; openSUSE; OpenSSL's own default.
  constexpr std::array places{"/etc/ssl/certs/ca-certificates.crt",
                              "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
                              "/etc/ssl/cert.pem"};
  for (auto const* const place : places)
    if (::access(place, R_OK) == 0) return place;
  return places.front();
}

}  // namespace certpivot::crypto
