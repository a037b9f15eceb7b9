#include "crypto/validity.hpp"

#include <ctime>

#include "crypto/handle.hpp"

namespace certpivot::crypto {

std::optional<WallTime> wall_time(asn1_string_st const* time) {
  std::tm parts{};
  // A null time means "now" to OpenSSL.
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return WallTime(std::chrono::seconds(::timegm(&parts)));
}

bool has_readable_validity(x509_st const* certificate) {
  return wall_time(X509_get0_notBefore(certificate)) && wall_time(X509_get0_notAfter(certificate));
}

}  // namespace certpivot::crypto
