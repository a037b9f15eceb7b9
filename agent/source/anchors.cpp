#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

#include "source/file.hpp"
#include "source/names.hpp"
#include "source/read.hpp"

namespace certpivot::source {

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

Result<std::string> read_anchors(std::string const& anchors) {
  bool const system = anchors == "system";
  auto const path = system ? system_bundle() : anchors;
  Name const name{Role::ca, path, absolute(path), false, true};
  auto const look = look_at(AT_FDCWD, name);
  if (!look) {
    auto const* const remedy =
        system ? "install the package ca-certificates, or name a file in trust.anchors" : "";
    return fail("cannot read the anchors", {}, look.error().text, remedy);
  }
  return std::string(look->file.bytes.view());
}

}  // namespace certpivot::source
